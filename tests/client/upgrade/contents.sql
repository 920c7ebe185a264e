-- All that an extension consists of, one line each, in an order of its own: what two databases must have in common for
-- a fresh and an upgraded extension to be the same. Columns of tables are not compared by place: an upgrade adds at the end.
WITH extension AS (
    SELECT * FROM pg_extension WHERE extname = 'bat_partners'
),
members AS (
    SELECT d.classid, d.objid
    FROM pg_depend AS d
    JOIN extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
    WHERE d.deptype = 'e'
),
relations AS (
    SELECT c.* FROM pg_class AS c JOIN members AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
),
composites AS (
    SELECT t.oid, t.typrelid
    FROM pg_type AS t
    JOIN members AS m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
    WHERE t.typtype = 'c'
),
contents AS (
    SELECT 'member ' || pg_describe_object(classid, objid, 0) AS line FROM members
    UNION ALL
    SELECT format('extension relocatable %s schema %s', extrelocatable, extnamespace::regnamespace) FROM extension
    UNION ALL
    SELECT format('dumped %s %s', dumped.id::regclass, dumped.condition)
    FROM extension, unnest(extconfig, extcondition) AS dumped (id, condition)
    UNION ALL
    SELECT format('routine %s acl %s cost %s rows %s: %s', p.oid::regprocedure, p.proacl, p.procost, p.prorows, pg_get_functiondef(p.oid))
    FROM pg_proc AS p
    JOIN members AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
    UNION ALL
    SELECT format('relation %s kind %s persistence %s options %s acl %s row security %s', oid::regclass, relkind,
        relpersistence, reloptions, relacl, relrowsecurity)
    FROM relations
    UNION ALL
    SELECT format('column %s.%s %s not null %s default %s identity %s generated %s acl %s', r.oid::regclass, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,
        a.attgenerated, a.attacl)
    FROM relations AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('constraint %s on %s: %s', n.conname, r.oid::regclass, pg_get_constraintdef(n.oid))
    FROM relations AS r
    JOIN pg_constraint AS n ON n.conrelid = r.oid
    UNION ALL
    SELECT format('index %s', pg_get_indexdef(i.indexrelid))
    FROM relations AS r
    JOIN pg_index AS i ON i.indrelid = r.oid
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM relations AS r
    JOIN pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT format('view %s: %s', oid::regclass, pg_get_viewdef(oid)) FROM relations WHERE relkind = 'v'
    UNION ALL
    SELECT format('sequence %s %s start %s by %s from %s to %s cycle %s', r.oid::regclass, format_type(s.seqtypid, NULL),
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
    FROM relations AS r
    JOIN pg_sequence AS s ON s.seqrelid = r.oid
    UNION ALL
    SELECT format('type %s: %s', t.oid::regtype, (
        SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FROM pg_attribute AS a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ))
    FROM composites AS t
    UNION ALL
    SELECT format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    FROM pg_description AS d
    WHERE (d.classoid, d.objoid) IN (SELECT classid, objid FROM members)
        OR d.classoid = 'pg_extension'::regclass AND d.objoid IN (SELECT oid FROM extension)
        OR d.classoid = 'pg_class'::regclass AND d.objoid IN (
            SELECT i.indexrelid FROM pg_index AS i JOIN relations AS r ON r.oid = i.indrelid
        )
)
SELECT line FROM contents ORDER BY line COLLATE "C"
