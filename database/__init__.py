"""The database: engine, embedded server, tenant scope, migrations, rollups, demo data, importers."""
