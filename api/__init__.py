"""The HTTP API: parse the request, call queries, reports and actions."""
