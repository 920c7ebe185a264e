-- Who may do what, by level: a reader sees everything and changes nothing; an operator runs the jobs besides. Plain
-- privileges of PostgreSQL: what is granted here shows in the catalogues, and pg_dump carries it.

-- A new function or table falls into its place by itself: what is STABLE writes nothing, and is a reader's.
CREATE FUNCTION bat_privileges()
RETURNS TABLE (level text, privileges text, object text, owner oid, is_yours boolean)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    WITH extension AS (
        SELECT e.oid, e.extnamespace
        FROM pg_catalog.pg_extension AS e
        WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
    ),
    member AS (
        SELECT d.classid, d.objid
        FROM pg_catalog.pg_depend AS d
        JOIN extension AS e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
        WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.deptype OPERATOR(pg_catalog.=) 'e'
    ),
    yours AS (
        SELECT c.oid, c.relkind, c.relowner
        FROM pg_catalog.pg_class AS c
        JOIN extension AS e ON e.extnamespace OPERATOR(pg_catalog.=) c.relnamespace
        WHERE c.relname::text OPERATOR(pg_catalog.=) ANY (@extschema@.bat_table_names())
            AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p']::"char"[])
    ),
    relation AS (
        SELECT c.oid, c.relkind, c.relowner, false AS is_yours
        FROM pg_catalog.pg_class AS c
        JOIN member AS m
            ON m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND m.objid OPERATOR(pg_catalog.=) c.oid
        UNION ALL
        SELECT y.oid, y.relkind, y.relowner, true
        FROM yours AS y
        UNION ALL
        -- An adopted table may number its rows by a sequence.
        SELECT c.oid, c.relkind, c.relowner, true
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_depend AS d
            ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid OPERATOR(pg_catalog.=) c.oid
            AND d.deptype OPERATOR(pg_catalog.=) 'a'
        JOIN yours AS y
            ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refobjid OPERATOR(pg_catalog.=) y.oid
        WHERE c.relkind OPERATOR(pg_catalog.=) 'S'
    )
    SELECT 'reader', 'USAGE', pg_catalog.format('SCHEMA %I', n.nspname), n.nspowner, false
    FROM pg_catalog.pg_namespace AS n
    JOIN extension AS e ON e.extnamespace OPERATOR(pg_catalog.=) n.oid
    UNION ALL
    SELECT
        p.level,
        p.privileges,
        pg_catalog.format('%s %s', p.kind, r.oid::pg_catalog.regclass),
        r.relowner,
        r.is_yours
    FROM relation AS r
    JOIN (
        VALUES
            ('r'::"char", 'TABLE', 'reader', 'SELECT'),
            ('p', 'TABLE', 'reader', 'SELECT'),
            ('v', 'TABLE', 'reader', 'SELECT'),
            ('r', 'TABLE', 'operator', 'INSERT, UPDATE, DELETE'),
            ('p', 'TABLE', 'operator', 'INSERT, UPDATE, DELETE'),
            -- Its number is a part of a dump; whoever restores it sets it.
            ('S', 'SEQUENCE', 'reader', 'SELECT'),
            ('S', 'SEQUENCE', 'operator', 'USAGE, UPDATE')
    ) AS p (relkind, kind, level, privileges) ON p.relkind OPERATOR(pg_catalog.=) r.relkind
    UNION ALL
    SELECT
        CASE p.provolatile WHEN 's' THEN 'reader' ELSE 'operator' END,
        'EXECUTE',
        pg_catalog.format('ROUTINE %s', p.oid::pg_catalog.regprocedure),
        p.proowner,
        false
    FROM pg_catalog.pg_proc AS p
    JOIN member AS m
        ON m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
        AND m.objid OPERATOR(pg_catalog.=) p.oid
    -- The pure ones are everybody's; these belong to whoever owns the tables.
    WHERE p.provolatile OPERATOR(pg_catalog.<>) 'i'
        AND p.proname::text OPERATOR(pg_catalog.<>) ALL (ARRAY['bat_grant', 'bat_revoke', 'bat_distribute'])
    UNION ALL
    -- What the functions return can be kept in a table. Types of rows and of arrays go with theirs.
    SELECT 'reader', 'USAGE', pg_catalog.format('TYPE %s', t.oid::pg_catalog.regtype), t.typowner, false
    FROM pg_catalog.pg_type AS t
    JOIN member AS m
        ON m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
        AND m.objid OPERATOR(pg_catalog.=) t.oid
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.typrelid
    WHERE t.typelem OPERATOR(pg_catalog.=) 0 AND (c.oid IS NULL OR c.relkind OPERATOR(pg_catalog.=) 'c')
$function$;
COMMENT ON FUNCTION bat_privileges() IS 'What each level has besides the one below it: privileges, object, and the object''s owner.';

CREATE FUNCTION bat_require_grantable(role name, level text)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    owner CONSTANT oid := (
        SELECT e.extowner FROM pg_catalog.pg_extension AS e WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
    );
BEGIN
    IF role IS NULL OR level IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'role and level must not be NULL';
    ELSIF level OPERATOR(pg_catalog.<>) ALL (ARRAY['reader', 'operator']) THEN
        RAISE EXCEPTION USING ERRCODE = '22023',
            MESSAGE = pg_catalog.format('%L is no level: there are reader, operator', level),
            HINT = 'A reader sees everything and changes nothing; an operator runs the jobs besides.';
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) role) THEN
        RAISE EXCEPTION USING ERRCODE = '42704',
            MESSAGE = pg_catalog.format('role %I does not exist', role),
            HINT = pg_catalog.format('CREATE ROLE %I LOGIN;', role);
    ELSIF NOT pg_catalog.pg_has_role(owner, 'USAGE') THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only the owner of the extension gives and takes its privileges',
            HINT = pg_catalog.format('Call it as %I or as a superuser.', pg_catalog.pg_get_userbyid(owner));
    END IF;
END
$function$;
COMMENT ON FUNCTION bat_require_grantable(name, text) IS 'Fails where bat_grant and bat_revoke cannot work, and says what to do.';

CREATE FUNCTION bat_grant(role name, level text DEFAULT 'reader')
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    grantee CONSTANT text := pg_catalog.quote_ident(role);
    granted record;
    statement text;
BEGIN
    PERFORM @extschema@.bat_require_grantable(role, level);
    FOR granted IN
        SELECT p.*, pg_catalog.pg_has_role(p.owner, 'USAGE') AS is_mine, r.rolname
        FROM @extschema@.bat_privileges() AS p
        JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) p.owner
        WHERE (p.level OPERATOR(pg_catalog.=) 'reader' OR p.level OPERATOR(pg_catalog.=) bat_grant.level)
            AND r.rolname OPERATOR(pg_catalog.<>) role
        ORDER BY p.level DESC, p.object
    LOOP
        IF granted.is_mine THEN
            statement := pg_catalog.format('GRANT %s ON %s TO %s', granted.privileges, granted.object, grantee);
            EXECUTE statement;
            RETURN NEXT statement;
        ELSIF granted.is_yours THEN
            RAISE NOTICE USING
                MESSAGE = pg_catalog.format('%s belongs to %I', granted.object, granted.rolname),
                HINT = pg_catalog.format('As %I: SELECT @extschema@.bat_setup(); passes the privileges on.', granted.rolname);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_grant(name, text) IS
    'Gives a role all that a reader or an operator needs. Tables that are made later are covered by the bat_setup that makes '
    'them. Returns the statements that were run. Idempotent.';

CREATE FUNCTION bat_revoke(role name, level text DEFAULT 'reader')
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    grantee CONSTANT text := pg_catalog.quote_ident(role);
    revoked record;
    statement text;
BEGIN
    PERFORM @extschema@.bat_require_grantable(role, level);
    FOR revoked IN
        SELECT p.privileges, p.object, r.oid
        FROM @extschema@.bat_privileges() AS p
        JOIN pg_catalog.pg_roles AS r ON r.rolname OPERATOR(pg_catalog.=) role
        -- What an owner has is not taken from him.
        WHERE p.owner OPERATOR(pg_catalog.<>) r.oid
            AND (p.level OPERATOR(pg_catalog.=) 'operator' OR bat_revoke.level OPERATOR(pg_catalog.=) 'reader')
        -- The schema comes last: other things of that role may be in it.
        ORDER BY p.object OPERATOR(pg_catalog.~~) 'SCHEMA %', p.level, p.object
    LOOP
        CONTINUE WHEN revoked.object OPERATOR(pg_catalog.~~) 'SCHEMA %' AND @extschema@.bat_has_more(revoked.oid);
        statement := pg_catalog.format('REVOKE %s ON %s FROM %s', revoked.privileges, revoked.object, grantee);
        EXECUTE statement;
        RETURN NEXT statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_revoke(name, text) IS
    'Takes from a role what bat_grant gave: all of it; of an operator''s, if level is operator, what a reader does not have. '
    'Returns the statements that were run. Idempotent.';

CREATE FUNCTION bat_has_more(role oid)
RETURNS boolean
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT
        FROM (
            SELECT c.relnamespace, c.relowner, c.relacl FROM pg_catalog.pg_class AS c
            UNION ALL
            SELECT p.pronamespace, p.proowner, p.proacl FROM pg_catalog.pg_proc AS p
        ) AS o (namespace, owner, acl)
        JOIN pg_catalog.pg_extension AS e ON e.extnamespace OPERATOR(pg_catalog.=) o.namespace
        WHERE e.extname OPERATOR(pg_catalog.=) 'bat_partners'
            AND (
                o.owner OPERATOR(pg_catalog.=) role
                OR EXISTS (
                    SELECT FROM pg_catalog.aclexplode(o.acl) AS a WHERE a.grantee OPERATOR(pg_catalog.=) role
                )
            )
    )
$function$;
COMMENT ON FUNCTION bat_has_more(oid) IS 'Whether a role owns, or was granted, anything in the extension''s schema.';

-- Who is a reader or an operator is told by what he may execute: of a level's functions one that nobody grants by itself.
CREATE FUNCTION bat_pass_on_grants()
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT pg_catalog.format('GRANT %s ON %s TO %I', p.privileges, p.object, r.rolname)
        FROM (
            VALUES
                ('reader', '@extschema@.bat_privileges()'::pg_catalog.regprocedure),
                ('operator', '@extschema@.bat_pass_on_grants()'::pg_catalog.regprocedure)
        ) AS mark (level, routine)
        JOIN pg_catalog.pg_proc AS f ON f.oid OPERATOR(pg_catalog.=) mark.routine::oid
        CROSS JOIN LATERAL pg_catalog.aclexplode(f.proacl) AS a
        JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) a.grantee
        JOIN @extschema@.bat_privileges() AS p ON p.level OPERATOR(pg_catalog.=) mark.level
        WHERE p.is_yours
            AND pg_catalog.pg_has_role(p.owner, 'USAGE')
            AND r.oid OPERATOR(pg_catalog.<>) ALL (ARRAY[p.owner, f.proowner])
        ORDER BY p.object, r.rolname, p.level DESC
    LOOP
        EXECUTE statement;
        RETURN NEXT statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION bat_pass_on_grants() IS
    'Gives readers and operators what they need of the caller''s own tables. bat_setup calls it; so does the job that makes a table.';
