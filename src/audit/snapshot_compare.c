/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/snapshot.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"

#include <assert.h>
#include <string.h>

MTP_NAMES(difference, mtp_difference_kind, MTP_DIFFERENCE_LIST, MTP_DIFFERENCE_COUNT)
MTP_NAMES(change, mtp_change, MTP_CHANGE_LIST, MTP_CHANGE_COUNT)

/* A comparison with what it owns; the public part comes first. */
typedef struct owner {
    mtp_snapshot_comparison comparison;
    mtp_arena *arena;
} owner;

void mtp_snapshot_options_init(mtp_snapshot_options *options, size_t size)
{
    mtp_snapshot_options defaults = {
        .size = size, .tolerance = MTP_SNAPSHOT_TOLERANCE, .rows = 50};

    memset(options, 0, size);
    mtp_options_give(options, size, &defaults, sizeof defaults);
}

bool mtp_snapshot_holds(const mtp_snapshot_comparison *comparison)
{
    if (comparison->missing) {
        return false;
    }
    for (size_t i = 0; i < comparison->n_tables; i++) {
        if (comparison->tables[i].change != MTP_CHANGE_SAME) {
            return false;
        }
    }
    for (size_t i = 0; i < comparison->n_analyses; i++) {
        if (comparison->analyses[i].change != MTP_CHANGE_SAME) {
            return false;
        }
    }
    return true;
}

static const char *keep_text(mtp_comparing *c, mtp_node *node, bool *failed)
{
    const char *text = mtp_node_text(node);
    const char *kept = text ? mtp_arena_strdup(c->arena, text) : NULL;

    *failed = *failed || (text && !kept);
    return kept;
}

/* The column that names the studies of a table, as the first of its analyses that
 * names one says. */
static const char *study_of(const mtp_analysis_file *file, const char *table)
{
    for (size_t i = 0; i < file->n_analyses; i++) {
        const mtp_file_analysis *analysis = &file->analyses[i];

        for (size_t k = 0; !analysis->is_template && k < analysis->n_options; k++) {
            if (strcmp(analysis->data->name, table) == 0 &&
                strcmp(analysis->options[k].name, "study") == 0) {
                return analysis->options[k].value;
            }
        }
    }
    return NULL;
}

static bool rows_of(mtp_comparing *c, mtp_node *before, mtp_node *after,
                    mtp_table_change *change)
{
    const mtp_grid *of_before = mtp_snapshot_grid(c->arena, before);
    const mtp_grid *of_after = mtp_snapshot_grid(c->arena, after);

    if (!of_before || !of_after ||
        !mtp_snapshot_rows(c->arena, of_before, of_after,
                           study_of(c->file, change->name), change)) {
        return false;
    }
    if (!change->note && change->n_rows == 0 && change->n_columns == 0 &&
        !change->reordered) {
        change->note = "the file has other bytes, and the same cells";
    }
    return true;
}

/* before or after may be NULL. False without memory. */
static bool compare_table(mtp_comparing *c, mtp_node *before, mtp_node *after,
                          mtp_table_change *change)
{
    mtp_node *any = after ? after : before;
    bool failed = false;

    *change = (mtp_table_change){
        .name = keep_text(c, mtp_node_get(any, "name"), &failed),
        .file = keep_text(c, mtp_node_get(any, "file"), &failed),
        .sha256_before = keep_text(c, mtp_node_get(before, "sha256"), &failed),
        .sha256_after = keep_text(c, mtp_node_get(after, "sha256"), &failed),
        .change = !before  ? MTP_CHANGE_NEW
                  : !after ? MTP_CHANGE_GONE
                           : MTP_CHANGE_SAME,
    };
    if (failed) {
        return false;
    }
    if (before && after && strcmp(change->sha256_before, change->sha256_after) != 0) {
        change->change = MTP_CHANGE_CHANGED;
        return rows_of(c, before, after, change);
    }
    return true;
}

/* What stands in both snapshots, or in one of them. */
typedef struct both {
    mtp_node *before, *after;
} both;

/* By name: what is there now, in its order, then what is gone. */
static both *join(mtp_comparing *c, const char *key, size_t *n)
{
    mtp_node *before = mtp_node_get(c->before, key),
             *after = mtp_node_get(c->after, key);
    size_t n_before = mtp_node_count(before), n_after = mtp_node_count(after);
    both *item = MTP_ARENA_ARRAY(c->arena, n_before + n_after, both);

    *n = 0;
    for (size_t i = 0; item && i < n_after; i++) {
        mtp_node *node = mtp_node_at(after, i);
        const char *name = mtp_node_text(mtp_node_get(node, "name"));

        item[(*n)++] = (both){mtp_snapshot_named(before, name), node};
    }
    for (size_t i = 0; item && i < n_before; i++) {
        mtp_node *node = mtp_node_at(before, i);

        if (!mtp_snapshot_named(after, mtp_node_text(mtp_node_get(node, "name")))) {
            item[(*n)++] = (both){node, NULL};
        }
    }
    return item;
}

static bool compare_tables(mtp_comparing *c)
{
    size_t n = 0;
    const both *item = join(c, "tables", &n);

    c->tables = item ? MTP_ARENA_ARRAY(c->arena, n, mtp_table_change) : NULL;
    for (size_t i = 0; c->tables && i < n; i++) {
        if (!compare_table(c, item[i].before, item[i].after, &c->tables[i])) {
            return false;
        }
    }
    c->n_tables = n;
    return c->tables != NULL;
}

/* The value of an option as a reader would type it; NULL: it has none. */
static const char *option_text(mtp_comparing *c, mtp_node *value, bool *failed)
{
    const char *text;

    if (mtp_node_value(value).kind == MTP_FOUND_NULL) {
        return NULL;
    }
    if (mtp_node_text(value)) {
        return keep_text(c, value, failed);
    }
    text = mtp_snapshot_shown(c->arena, value);
    *failed = *failed || !text;
    return text;
}

static bool has_option(size_t n, const mtp_option_change item[], const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Options of two objects that differ are added to item. False without memory. */
static bool compare_options(mtp_comparing *c, mtp_node *before, mtp_node *after,
                            mtp_option_change item[], size_t *n)
{
    mtp_node *objects[2] = {after, before};
    bool failed = false;

    for (int side = 0; side < 2; side++) {
        void *at = NULL;
        const char *name;
        mtp_node *value;

        while (mtp_node_next(objects[side], &at, &name, &value)) {
            const char *was = option_text(c, mtp_node_get(before, name), &failed);
            const char *is = option_text(c, mtp_node_get(after, name), &failed);
            bool differs = was && is ? strcmp(was, is) != 0 : was || is;

            if (differs && !failed && !has_option(*n, item, name)) {
                const char *kept = mtp_arena_strdup(c->arena, name);

                failed = !kept;
                item[*n] = (mtp_option_change){kept, was, is};
                *n += kept != NULL;
            }
        }
    }
    return !failed;
}

static bool options_of(mtp_comparing *c, const both *item, mtp_analysis_change *change)
{
    mtp_node *given[2] = {mtp_node_get(item->before, "given"),
                          mtp_node_get(item->after, "given")};
    mtp_node *used[2] = {mtp_node_get(mtp_node_get(item->before, "result"), "options"),
                         mtp_node_get(mtp_node_get(item->after, "result"), "options")};
    size_t room = mtp_node_count(given[0]) + mtp_node_count(given[1]) +
                  mtp_node_count(used[0]) + mtp_node_count(used[1]);
    mtp_option_change *made = MTP_ARENA_ARRAY(c->arena, room, mtp_option_change);
    size_t n = 0;

    if (!made || !compare_options(c, given[0], given[1], made, &n) ||
        (mtp_node_count(used[0]) > 0 && mtp_node_count(used[1]) > 0 &&
         !compare_options(c, used[0], used[1], made, &n))) {
        return false;
    }
    change->n_options = n;
    change->options = made;
    return true;
}

static bool results_of(mtp_comparing *c, const both *item, mtp_analysis_change *change)
{
    mtp_node *before = mtp_node_get(item->before, "result");
    mtp_node *after = mtp_node_get(item->after, "result");
    mtp_differences found = {.arena = c->arena, .tolerance = c->options.tolerance};

    if (mtp_node_value(before).kind == MTP_FOUND_OBJECT &&
        mtp_node_value(after).kind == MTP_FOUND_OBJECT) {
        mtp_snapshot_results(&found, before, after);
    }
    change->n_differences = found.n;
    change->differences = found.item;
    return !found.no_memory;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static mtp_status compare_analysis(mtp_comparing *c, const both *item,
                                   mtp_analysis_change *change, mtp_error *err)
{
    mtp_node *any = item->after ? item->after : item->before;
    bool failed = false;

    *change = (mtp_analysis_change){
        .name = keep_text(c, mtp_node_get(any, "name"), &failed),
        .error_before = keep_text(c, mtp_node_get(item->before, "error"), &failed),
        .error_after = keep_text(c, mtp_node_get(item->after, "error"), &failed),
        .change = !item->before  ? MTP_CHANGE_NEW
                  : !item->after ? MTP_CHANGE_GONE
                                 : MTP_CHANGE_SAME,
    };
    if (!failed && item->before && item->after) {
        failed = !options_of(c, item, change) || !results_of(c, item, change);
    }
    if (failed) {
        return mtp_fail_nomem(err);
    }
    if (change->n_options > 0 || change->n_differences > 0 ||
        !same(change->error_before, change->error_after)) {
        if (change->change == MTP_CHANGE_SAME) {
            change->change = MTP_CHANGE_CHANGED;
        }
    }
    return change->change == MTP_CHANGE_CHANGED && change->n_differences > 0
               ? mtp_snapshot_attribute(
                     c, mtp_analysis_file_find(c->file, change->name), change, err)
               : MTP_OK;
}

static mtp_status compare_all(mtp_comparing *c, mtp_snapshot_comparison *comparison,
                              mtp_error *err)
{
    mtp_analysis_change *change = NULL;
    mtp_status status = MTP_OK;
    bool failed = !compare_tables(c);
    size_t n = 0;
    const both *item = failed ? NULL : join(c, "analyses", &n);

    change = item ? MTP_ARENA_ARRAY(c->arena, n, mtp_analysis_change) : NULL;
    if (!change) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = compare_analysis(c, &item[i], &change[i], err);
    }
    comparison->n_tables = c->n_tables;
    comparison->tables = c->tables;
    comparison->n_analyses = n;
    comparison->analyses = change;
    return status;
}

/* What both say of themselves; false without memory. */
static bool describe(mtp_comparing *c, mtp_snapshot_comparison *comparison, bool alone)
{
    static const char *const version = "metapool_version";
    const char *before = mtp_node_text(mtp_node_get(c->before, "sha256"));
    const char *after = mtp_node_text(mtp_node_get(c->after, "sha256"));
    bool failed = false;

    *comparison = (mtp_snapshot_comparison){
        .name = c->options.name ? mtp_arena_strdup(c->arena, c->options.name) : NULL,
        .written = alone && !c->options.must_exist,
        .missing = alone && c->options.must_exist,
        .file_changed = strcmp(before, after) != 0,
        .version_before = keep_text(c, mtp_node_get(c->before, version), &failed),
        .version_after = keep_text(c, mtp_node_get(c->after, version), &failed),
        .tolerance = c->options.tolerance,
    };
    return !failed && (!c->options.name || comparison->name);
}

mtp_status mtp_snapshot_compare(const mtp_analysis_file *file,
                                const mtp_snapshot *before, const mtp_snapshot *after,
                                const mtp_snapshot_options *options,
                                mtp_snapshot_comparison **comparison, mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owner *made = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    mtp_comparing c = {.arena = arena, .file = file};
    mtp_status status;

    assert(file && after && comparison);
    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    mtp_snapshot_options_init(&c.options, sizeof c.options);
    mtp_options_take(&c.options, sizeof c.options, options);
    made->arena = arena;
    c.before = mtp_tree_root(before ? before->tree : after->tree);
    c.after = mtp_tree_root(after->tree);
    status = mtp_workspace_new(file, &c.workspace, err);
    if (status == MTP_OK && !describe(&c, &made->comparison, !before)) {
        status = mtp_fail_nomem(err);
    }
    if (status == MTP_OK) {
        status = compare_all(&c, &made->comparison, err);
    }
    mtp_workspace_free(c.workspace);
    if (status != MTP_OK) {
        mtp_snapshot_comparison_free(&made->comparison);
        return status;
    }
    *comparison = &made->comparison;
    return MTP_OK;
}

void mtp_snapshot_comparison_free(mtp_snapshot_comparison *comparison)
{
    if (comparison) {
        mtp_arena_free(((owner *)comparison)->arena);
    }
}
