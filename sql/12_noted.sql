-- What the metadata of a row says, where a person may have written there, too.

CREATE FUNCTION bat_noted_time(noted text)
RETURNS timestamptz
LANGUAGE plpgsql
STABLE
STRICT
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- Neither 'now' nor 'infinity': the importer writes dates.
    IF noted OPERATOR(pg_catalog.!~) '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN
        RETURN NULL;
    END IF;
    RETURN noted::timestamptz;
EXCEPTION
    WHEN data_exception THEN
        RETURN NULL;
END
$function$;
COMMENT ON FUNCTION bat_noted_time(text) IS 'A time that was noted in a row''s metadata; NULL where what stands there is none.';

-- Neither STRICT nor with a SET clause: the planner puts its body into each statement that calls it. As a call it would be
-- parsed and planned again for every page that is stored.
CREATE FUNCTION bat_noted_count(noted text)
RETURNS bigint
LANGUAGE sql
STABLE
AS $function$
    SELECT CASE WHEN noted OPERATOR(pg_catalog.~) '^[0-9]{1,9}$' THEN noted::pg_catalog.int8 END
$function$;
COMMENT ON FUNCTION bat_noted_count(text) IS 'A count that was noted in a row''s metadata; NULL where what stands there is none.';
