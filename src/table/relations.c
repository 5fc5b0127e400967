/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/relations.h"

#include "core/error.h"
#include "core/nearest.h"
#include "core/strbuf.h"
#include "table/collector.h"
#include "table/names.h"
#include "table/token.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Those of a database, and of them the ones that can be read. */
typedef struct relations {
    size_t n, n_readable;
    mtp_relation *item;    /* [n] */
    const char **readable; /* [n_readable] names */
} relations;

/* rootpage is 0 for what has no pages of its own. */
static const char list_sql[] =
    "SELECT name, type, rootpage FROM main.sqlite_master "
    "WHERE type IN ('table', 'view') AND typeof(name) = 'text' "
    "AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name";

static bool keep(relations *all, sqlite3_stmt *statement, mtp_arena *scratch)
{
    mtp_relation *item = &all->item[all->n];
    const char *name = (const char *)sqlite3_column_text(statement, 0);
    const char *type = (const char *)sqlite3_column_text(statement, 1);

    if (!name || !type) {
        return false;
    }
    item->name = mtp_arena_strdup(scratch, name);
    item->kind = strcmp(type, "view") == 0               ? MTP_RELATION_VIEW
                 : sqlite3_column_int(statement, 2) == 0 ? MTP_RELATION_VIRTUAL
                                                         : MTP_RELATION_TABLE;
    all->n++;
    if (item->kind != MTP_RELATION_VIRTUAL) {
        all->readable[all->n_readable++] = item->name;
    }
    return item->name != NULL;
}

/* Once to count them, once to keep them. */
static int list(sqlite3_stmt *statement, mtp_arena *scratch, relations *all)
{
    size_t room = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        room++;
    }
    if (code != SQLITE_DONE) {
        return code;
    }
    all->item = MTP_ARENA_ARRAY(scratch, room, mtp_relation);
    all->readable = MTP_ARENA_ARRAY(scratch, room, const char *);
    if (!all->item || !all->readable) {
        return SQLITE_NOMEM;
    }
    (void)sqlite3_reset(statement);
    while (all->n < room && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!keep(all, statement, scratch)) {
            return SQLITE_NOMEM;
        }
    }
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static mtp_status fail_several(const mtp_database *database, const relations *all,
                               mtp_error *err)
{
    char names[MTP_ERROR_MESSAGE / 2];

    if (all->n_readable == 0) {
        return mtp_fail_at(err, MTP_E_DATA, database->path, 0, NULL,
                           "the database has no tables");
    }
    mtp_names_join(all->n_readable, all->readable, names, sizeof names);
    return mtp_fail_at(err, MTP_E_ARG, database->path, 0, NULL,
                       "the database has %zu tables; say which with --table: %s",
                       all->n_readable, names);
}

static mtp_status fail_unknown(const mtp_database *database, const char *name,
                               const relations *all, mtp_error *err)
{
    size_t nearest = mtp_nearest_name(name, all->n_readable, all->readable);
    char names[MTP_ERROR_MESSAGE / 2], wanted[MTP_EXCERPT], meant[MTP_EXCERPT] = "";

    if (all->n_readable == 0) {
        return fail_several(database, all, err);
    }
    if (nearest < all->n_readable) {
        const char *text = all->readable[nearest];

        (void)mtp_excerpt(text, strlen(text), meant);
    }
    mtp_names_join(all->n_readable, all->readable, names, sizeof names);
    return mtp_fail_at(err, MTP_E_DATA, database->path, 0, NULL,
                       "there is no table '%s'%s%s%s The tables are: %s",
                       mtp_excerpt(name, strlen(name), wanted),
                       *meant ? "; did you mean '" : ".", meant, *meant ? "'?" : "",
                       names);
}

static mtp_status choose(const mtp_database *database, const char *name,
                         const relations *all, mtp_relation *relation, mtp_error *err)
{
    const mtp_relation *found = NULL;

    if (!name && all->n_readable != 1) {
        return fail_several(database, all, err);
    }
    name = name ? name : all->readable[0];
    for (size_t i = 0; i < all->n && !found; i++) {
        found = mtp_same_name(all->item[i].name, name) ? &all->item[i] : NULL;
    }
    if (!found) {
        return fail_unknown(database, name, all, err);
    }
    if (found->kind == MTP_RELATION_VIRTUAL) {
        char excerpt[MTP_EXCERPT];

        return mtp_fail_at(err, MTP_E_DATA, database->path, 0, NULL,
                           "'%s' is a virtual table, which is not read; put its rows "
                           "into a table",
                           mtp_excerpt(found->name, strlen(found->name), excerpt));
    }
    *relation = *found;
    return MTP_OK;
}

mtp_status mtp_relation_choose(const mtp_database *database, const char *name,
                               mtp_arena *scratch, mtp_relation *relation,
                               mtp_error *err)
{
    sqlite3_stmt *statement = NULL;
    relations all = {0};
    mtp_status status;
    int code = sqlite3_prepare_v2(database->db, list_sql, -1, &statement, NULL);

    if (code == SQLITE_OK) {
        code = list(statement, scratch, &all);
    }
    status = code == SQLITE_OK
                 ? choose(database, name, &all, relation, err)
                 : mtp_database_fail(database, code, "the list of its tables", err);
    (void)sqlite3_finalize(statement);
    return status;
}

/* With `key`, a table's rows in the order of that column. */
static int prepare(sqlite3 *db, const mtp_relation *relation, const char *key,
                   sqlite3_stmt **rows)
{
    bool table = relation->kind == MTP_RELATION_TABLE;
    char *sql = sqlite3_mprintf("SELECT * FROM main.\"%w\"%s%s%s", relation->name,
                                table ? " NOT INDEXED" : "", key ? " ORDER BY " : "",
                                key ? key : "");
    int code = sql ? sqlite3_prepare_v2(db, sql, -1, rows, NULL) : SQLITE_NOMEM;

    sqlite3_free(sql);
    return code;
}

/* A name of the rowid that no column of the statement has taken; NULL: none is left. */
static const char *free_rowid_name(sqlite3_stmt *rows)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    int n = sqlite3_column_count(rows);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int column = 0;

        while (column < n) {
            const char *name = sqlite3_column_name(rows, column);

            if (name && mtp_same_name(name, names[i])) {
                break;
            }
            column++;
        }
        if (column == n) {
            return names[i];
        }
    }
    return NULL;
}

/* "1, 3" when these columns of the statement are the primary key. */
static void list_key(sqlite3 *db, const char *table, sqlite3_stmt *rows,
                     mtp_strbuf *key)
{
    int n = sqlite3_column_count(rows);

    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_column_name(rows, i);
        int in_key = 0;

        if (name &&
            sqlite3_table_column_metadata(db, "main", table, name, NULL, NULL, NULL,
                                          &in_key, NULL) == SQLITE_OK &&
            in_key) {
            mtp_strbuf_printf(key, "%s%d", key->length ? ", " : "", i + 1);
        }
    }
}

/* SQLite may read rows from an index that has all columns; in the order of a key they
 * come the same in every version. SQLITE_ERROR where there is no such key. */
static int prepare_by_key(sqlite3 *db, const mtp_relation *relation,
                          sqlite3_stmt *unordered, sqlite3_stmt **rows)
{
    const char *rowid = free_rowid_name(unordered);
    int code = rowid ? prepare(db, relation, rowid, rows) : SQLITE_ERROR;
    mtp_strbuf key;

    if (code != SQLITE_ERROR) {
        return code;
    }
    mtp_strbuf_init(&key);
    list_key(db, relation->name, unordered, &key);
    if (key.failed) {
        code = SQLITE_NOMEM;
    } else if (key.length > 0) {
        code = prepare(db, relation, key.text, rows);
    }
    mtp_strbuf_free(&key);
    return code;
}

int mtp_relation_select(const mtp_database *database, const mtp_relation *relation,
                        sqlite3_stmt **rows)
{
    sqlite3_stmt *ordered = NULL;
    int code = prepare(database->db, relation, NULL, rows);

    if (code != SQLITE_OK || relation->kind != MTP_RELATION_TABLE) {
        return code;
    }
    code = prepare_by_key(database->db, relation, *rows, &ordered);
    if (code == SQLITE_OK) {
        (void)sqlite3_finalize(*rows);
        *rows = ordered;
    }
    return code == SQLITE_ERROR ? SQLITE_OK : code;
}

const char *mtp_relation_describe(const mtp_relation *relation,
                                  char text[MTP_RELATION_TEXT])
{
    char name[MTP_EXCERPT];

    (void)snprintf(text, MTP_RELATION_TEXT, "%s '%s'",
                   relation->kind == MTP_RELATION_VIEW ? "view" : "table",
                   mtp_excerpt(relation->name, strlen(relation->name), name));
    return text;
}
