//! `bat_help`, and the comments that it reads.

use crate::server::Server;

#[test]
fn whatever_is_called_by_hand_has_a_task() {
    let server = Server::start("");
    let mut client = server.client();
    let internal = client.column("SELECT name FROM bat_help('internal')");
    // What is not for a person: parts of views, of procedures, and checks.
    let parts = [
        "bat_begin_",
        "bat_finish_",
        "bat_problems_of_",
        "bat_require_",
        "bat_raise_",
        "bat_coverage_",
        "bat_cron_",
        "bat_task_",
        "bat_schedule_p",
        "bat_partner_",
        "bat_help_",
        "bat_noted_",
    ];
    let others: Vec<&str> = internal
        .iter()
        .map(String::as_str)
        .filter(|name| !name.ends_with("_rows") && !name.ends_with("_row") && !name.ends_with("_batch"))
        .filter(|name| !parts.iter().any(|part| name.starts_with(part)))
        .collect();
    assert_eq!(
        others,
        [
            "bat_has_more",
            "bat_is_cliff",
            "bat_last_worked_at",
            "bat_member_listings",
            "bat_next_step",
            "bat_pass_on_grants",
            "bat_perform",
            "bat_privileges",
            "bat_stored",
            "bat_table_names",
            "bat_wait",
            "bat_work_off",
        ],
        "new: is it for a person? Then name it in sql/58_help.sql"
    );
    let missing = "SELECT name FROM bat_help_tasks(), unnest(names) AS name
                   WHERE name NOT IN (SELECT h.name FROM bat_help() AS h)";
    assert_eq!(client.column(missing), Vec::<String>::new(), "named, and there is no such thing");
    let views = "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
                 EXCEPT SELECT name FROM bat_help('look') WHERE kind = 'view'";
    assert_eq!(client.column(views), Vec::<String>::new());
}

#[test]
fn nothing_is_without_a_comment() {
    let server = Server::start("");
    let mut client = server.client();
    let silent = client.column(
        "SELECT pg_describe_object(d.classid, d.objid, 0)
         FROM pg_depend AS d
         JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
         LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
         LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
         LEFT JOIN pg_class AS r ON r.oid = t.typrelid
         WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
             AND (d.classid = 'pg_proc'::regclass OR c.relkind IN ('r', 'v') OR t.typtype = 'd' OR r.relkind = 'c')
             AND coalesce(obj_description(d.objid, d.classid::regclass::name), '') = ''",
    );
    assert_eq!(silent, Vec::<String>::new());
    assert_eq!(
        client.number("SELECT count(*) FROM bat_help() AS h WHERE length(coalesce(h.description, '')) < 20"),
        0
    );
}

#[test]
fn it_tells_of_a_task_of_a_name_and_what_tasks_there_are() {
    let server = Server::start("");
    let mut client = server.client();
    assert_eq!(client.column("SELECT DISTINCT topic FROM bat_help('queue')"), ["queue"]);
    let row = "SELECT concat_ws('|', topic, name, kind, arguments) FROM bat_help('bat_work')";
    assert_eq!(
        client.column(row),
        [
            "queue|bat_work|procedure|IN max_seconds integer DEFAULT 50, IN kinds text[] DEFAULT NULL::text[], IN max_tasks integer DEFAULT NULL::integer, INOUT summary public.bat_summary DEFAULT NULL::public.bat_summary"
        ]
    );
    assert_eq!(
        client.column("SELECT DISTINCT topic FROM bat_help() WHERE topic = 'internal'"),
        Vec::<String>::new()
    );
    // As the catalogue has it, whatever that is.
    client
        .batch_execute("COMMENT ON FUNCTION bat_retry(text, text) IS 'Something else altogether.'")
        .unwrap();
    assert_eq!(
        client.column("SELECT description FROM bat_help('bat_retry')"),
        ["Something else altogether."]
    );
    let failure = client.error("SELECT * FROM bat_help('cooking')");
    assert_eq!(failure.sqlstate, "22023");
    assert!(failure.hint.starts_with("Tasks: set up, import, "), "{failure:?}");
}
