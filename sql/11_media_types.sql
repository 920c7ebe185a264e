-- By the name of a function's type PostgREST knows which media type to serve it as.
CREATE DOMAIN @extschema@."text/html" AS pg_catalog.text;
COMMENT ON DOMAIN @extschema@."text/html" IS 'A page for a browser. PostgREST serves what a function returns of it as text/html.';
