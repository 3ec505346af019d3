"""The rules under which the schema can be distributed by creator over several machines, and what breaks them today.

`catalogue.py` inspects a migrated database, `statements.py` looks at what the tests recorded. Both report what they
find by rule and name; `offenders.py` lists what may be found today, each with its reason. The list only shrinks:
anything that no longer offends has to leave it.
"""
