/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/lint.h"

#include "core/error.h"
#include "lint/options.h"
#include "lint/work.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/** The result with what it owns; the public part comes first. */
typedef struct owner {
    mtp_lint_result result;
    mtp_arena *arena;
} owner;

void mtp_lint_result_free(mtp_lint_result *result)
{
    if (result) {
        mtp_arena_free(((owner *)result)->arena);
    }
}

void *mtp_lint_scratch(mtp_lint_work *work, size_t count, size_t size)
{
    void *memory = mtp_arena_alloc(work->scratch, count, size);

    work->failed = work->failed || !memory;
    return memory;
}

bool mtp_lint_look(mtp_lint_work *work, mtp_lint_rule_index rule)
{
    work->looked[rule] = true;
    return work->wanted[rule] && !work->failed;
}

mtp_lint_place mtp_lint_at(const mtp_lint_work *work, size_t row, mtp_role role)
{
    return (mtp_lint_place){row, MTP_LINT_NOWHERE, work->role[role].name, 1};
}

static mtp_lint_slot *new_slot(mtp_lint_work *work)
{
    if (work->n == work->capacity) {
        size_t capacity = work->capacity ? 2 * work->capacity : 32;
        mtp_lint_slot *slot =
            mtp_arena_resize(work->scratch, work->slot, capacity, sizeof *slot);

        if (!slot) {
            work->failed = true;
            return NULL;
        }
        work->slot = slot;
        work->capacity = capacity;
    }
    return &work->slot[work->n++];
}

static const char *kept(mtp_lint_work *work, const char *text)
{
    char *copy = text ? mtp_arena_strdup(work->arena, text) : NULL;

    work->failed = work->failed || (text && !copy);
    return copy;
}

/* What comes from a cell is told, not obeyed: no control characters. */
static char *without_controls(char *text)
{
    for (char *at = text; at && *at; at++) {
        *at = (unsigned char)*at < 0x20 || *at == 0x7F ? ' ' : *at;
    }
    return text;
}

void mtp_lint_add(mtp_lint_work *work, mtp_lint_rule_index rule, mtp_lint_place place,
                  const char *format, ...)
{
    size_t count = place.count ? place.count : 1;
    bool here = place.row != MTP_LINT_NOWHERE, other = place.other != MTP_LINT_NOWHERE;
    mtp_lint_slot *slot;
    va_list args;

    if (!mtp_lint_look(work, rule)) {
        return;
    }
    if (work->found[rule]++ >= MTP_LINT_LISTED) {
        return;
    }
    slot = new_slot(work);
    if (!slot) {
        return;
    }
    slot->rule = rule;
    slot->finding = (mtp_lint_finding){
        .rule = mtp_lint_rule_get(rule),
        .row = here ? place.row + 1 : 0,
        .line = here ? mtp_table_line(work->table, place.row) : 0,
        .other_row = other ? place.other + 1 : 0,
        .other_line = other ? mtp_table_line(work->table, place.other) : 0,
        .column = kept(work, place.column),
        .study = here && work->study ? kept(work, work->study[place.row]) : NULL,
        .count = count};
    va_start(args, format);
    slot->finding.evidence =
        without_controls(mtp_arena_vprintf(work->arena, format, args));
    va_end(args);
    work->failed = work->failed || !slot->finding.evidence;
}

static int by_gravity(const void *left, const void *right)
{
    const mtp_lint_slot *a = left, *b = right;
    mtp_lint_severity x = a->finding.rule->severity, y = b->finding.rule->severity;

    if (x != y) {
        return x > y ? -1 : 1;
    }
    if (a->rule != b->rule) {
        return a->rule < b->rule ? -1 : 1;
    }
    if (a->finding.row != b->finding.row) {
        return a->finding.row < b->finding.row ? -1 : 1;
    }
    return strcmp(a->finding.evidence, b->finding.evidence);
}

static void set_status(const mtp_lint_work *work, mtp_lint_status status[],
                       size_t found[])
{
    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        found[i] = work->found[i];
        status[i] = !work->wanted[i]     ? MTP_LINT_IGNORED
                    : work->found[i] > 0 ? MTP_LINT_FOUND
                    : work->looked[i]    ? MTP_LINT_CLEAN
                                         : MTP_LINT_NOT_APPLICABLE;
    }
}

/* The findings of the work as a result. */
static mtp_status finish(mtp_lint_work *work, owner *o, mtp_error *err)
{
    mtp_lint_result *r = &o->result;
    mtp_lint_finding *finding = MTP_ARENA_ARRAY(o->arena, work->n, mtp_lint_finding);
    mtp_lint_status *status =
        MTP_ARENA_ARRAY(o->arena, MTP_LINT_RULE_COUNT, mtp_lint_status);
    size_t *found = MTP_ARENA_ARRAY(o->arena, MTP_LINT_RULE_COUNT, size_t);
    const char *source = mtp_table_source(work->table);

    source = source[0] == '/' ? strrchr(source, '/') + 1 : source;
    r->source = kept(work, source);
    r->sha256 = kept(work, mtp_table_sha256(work->table));
    if (work->failed || !finding || !status || !found) {
        return mtp_fail_nomem(err);
    }
    if (work->n > 0) {
        qsort(work->slot, work->n, sizeof *work->slot, by_gravity);
    }
    for (size_t i = 0; i < work->n; i++) {
        finding[i] = work->slot[i].finding;
    }
    set_status(work, status, found);
    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        r->count[mtp_lint_rule_get(i)->severity] += found[i];
    }
    for (int s = (int)r->fail_on; s <= (int)MTP_LINT_ERROR; s++) {
        r->failed = r->failed || (!r->never && r->count[s] > 0);
    }
    r->rows = work->rows;
    r->columns = work->columns;
    r->measure = work->measure;
    r->n_findings = work->n;
    r->finding = finding;
    r->n_rules = MTP_LINT_RULE_COUNT;
    r->status = status;
    r->found = found;
    return MTP_OK;
}

static mtp_status look_at_all(mtp_lint_work *work, mtp_error *err)
{
    mtp_status status = mtp_lint_read_columns(work, err);

    if (status == MTP_OK) {
        mtp_lint_tables(work);
        mtp_lint_cells(work);
        mtp_lint_labels(work);
        status = mtp_lint_bind(work, err);
    }
    if (status == MTP_OK) {
        mtp_lint_rows(work);
        mtp_lint_digit_rules(work);
        mtp_lint_intervals(work);
        mtp_lint_precision(work);
        mtp_lint_means(work);
        mtp_lint_counts(work);
        mtp_lint_effects(work);
    }
    return status;
}

static mtp_status run(mtp_lint_work *work, owner *o, mtp_error *err)
{
    mtp_status status = mtp_lint_options(work->request, work->wanted, &o->result, err);

    if (status == MTP_OK) {
        status = mtp_lint_list_options(work->request, o->arena, &o->result, err);
    }
    if (status == MTP_OK) {
        status = look_at_all(work, err);
    }
    if (status == MTP_OK) {
        status = finish(work, o, err);
    }
    mtp_lint_free_pool(work);
    return status;
}

mtp_status mtp_lint(const mtp_request *request, const mtp_table *table,
                    const mtp_problems *reading, mtp_lint_result **result,
                    mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owner *o = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    mtp_lint_work work = {.request = request,
                          .table = table,
                          .reading = reading,
                          .arena = arena,
                          .scratch = mtp_arena_new(),
                          .rows = mtp_table_rows(table),
                          .columns = mtp_table_columns(table)};
    mtp_error ignored;
    mtp_status status;

    assert(request && table && result);
    err = err ? err : &ignored;
    if (o && work.scratch) {
        o->arena = arena;
        status = run(&work, o, err);
    } else {
        status = mtp_fail_nomem(err);
    }
    mtp_arena_free(work.scratch);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *result = &o->result;
    return MTP_OK;
}
