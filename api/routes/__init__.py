"""The routes, a module per subject: parse the request, call queries, actions and reports, shape the answer."""
