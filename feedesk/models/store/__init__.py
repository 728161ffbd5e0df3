"""The office file: the only place that knows SQL, a module per aggregate."""
