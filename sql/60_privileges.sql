-- Nothing for PUBLIC but the pure functions.
DO $block$
DECLARE
    object record;
BEGIN
    FOR object IN
        SELECT 'ROUTINE' AS kind, p.oid::pg_catalog.regprocedure::pg_catalog.text AS name
        FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_depend AS d
            ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
            AND d.objid OPERATOR(pg_catalog.=) p.oid
            AND d.deptype OPERATOR(pg_catalog.=) 'e'
        JOIN pg_catalog.pg_extension AS e
            ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.refobjid OPERATOR(pg_catalog.=) e.oid
        WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
            AND p.provolatile OPERATOR(pg_catalog.<>) 'i'
        UNION ALL
        SELECT 'TYPE', pg_catalog.format_type(t.oid, NULL)
        FROM pg_catalog.pg_type AS t
        JOIN pg_catalog.pg_depend AS d
            ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
            AND d.objid OPERATOR(pg_catalog.=) t.oid
            AND d.deptype OPERATOR(pg_catalog.=) 'e'
        JOIN pg_catalog.pg_extension AS e
            ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.refobjid OPERATOR(pg_catalog.=) e.oid
        WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
            -- PostgreSQL 18 counts the types of arrays and of tables' rows as members, too: they go with theirs.
            AND t.typelem OPERATOR(pg_catalog.=) 0
            AND (
                t.typrelid OPERATOR(pg_catalog.=) 0
                OR EXISTS (
                    SELECT
                    FROM pg_catalog.pg_class AS c
                    WHERE c.oid OPERATOR(pg_catalog.=) t.typrelid AND c.relkind OPERATOR(pg_catalog.=) 'c'
                )
            )
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC', object.kind, object.name);
    END LOOP;
END
$block$;
