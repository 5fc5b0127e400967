/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounding of the printed inputs can do to a pooling or a regression. */
#include "analysis/decimals.h"
#include "analysis/run.h"
#include "analysis/split.h"
#include "core/error.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

enum { DECIMALS_MAX = 300 };

/* --decimals-of COLUMN=N, the column being all before the last '='. */
typedef struct stated {
    const char *column;
    int decimals;
    bool exact, used;
} stated;

typedef struct job {
    mtp_run_context *run;
    bool query; /* the table was made by --query */
    size_t n_stated;
    stated *stated;
    size_t n_columns;
    mtp_rounding_column *column;
    const double *half[MTP_ROLE_COUNT];
} job;

static mtp_status parse_stated(const job *j, const char *line, stated *s)
{
    const char *mark = strrchr(line, '=');
    double decimals = (double)NAN;

    if (mark && mtp_number_parse(mark + 1, strlen(mark + 1), &decimals) ==
                    MTP_NUMBER_MALFORMED) {
        s->exact = strcmp(mark + 1, "exact") == 0;
        decimals = s->exact ? 0.0 : (double)NAN;
    }
    if (!mark || mark == line || !(fabs(decimals) <= DECIMALS_MAX) ||
        floor(decimals) != decimals) {
        return mtp_fail(j->run->err, MTP_E_ARG,
                        "--decimals-of %s: give COLUMN=N, the decimals that the column "
                        "was printed with (-1: in tens), or COLUMN=exact",
                        line);
    }
    s->decimals = (int)decimals;
    s->column = mtp_arena_strndup(j->run->owner->arena, line, (size_t)(mark - line));
    return s->column ? MTP_OK : mtp_fail_nomem(j->run->err);
}

/* Of a column that is named twice, neither word goes for the other in silence. */
static mtp_status check_once(const job *j, const char *const line[])
{
    for (size_t i = 1; i < j->n_stated; i++) {
        for (size_t before = 0; before < i; before++) {
            const stated *a = &j->stated[before], *b = &j->stated[i];

            if (strcmp(a->column, b->column) == 0 &&
                (a->exact != b->exact || a->decimals != b->decimals)) {
                return mtp_fail(j->run->err, MTP_E_ARG,
                                "--decimals-of: %s is given twice, as %s and as %s; "
                                "give it once",
                                a->column, line[before] + strlen(a->column) + 1,
                                line[i] + strlen(b->column) + 1);
            }
        }
    }
    return MTP_OK;
}

static mtp_status read_stated(job *j)
{
    const char *list = j->run->settings.rounding.decimals;
    mtp_arena *arena = j->run->owner->arena;
    const char *const *line = list ? mtp_split_lines(arena, list, &j->n_stated) : NULL;
    mtp_status status = MTP_OK;

    if (!list) {
        return MTP_OK;
    }
    j->stated = mtp_arena_zalloc(arena, j->n_stated, sizeof *j->stated);
    if (!line || !j->stated) {
        return mtp_fail_nomem(j->run->err);
    }
    for (size_t i = 0; i < j->n_stated && status == MTP_OK; i++) {
        status = parse_stated(j, line[i], &j->stated[i]);
    }
    return status == MTP_OK ? check_once(j, line) : status;
}

static const stated *find_stated(const job *j, const char *expression)
{
    const stated *found = NULL;

    for (size_t i = 0; i < j->n_stated; i++) {
        if (strcmp(j->stated[i].column, expression) == 0) {
            j->stated[i].used = true;
            found = &j->stated[i];
        }
    }
    return found;
}

/* The decimals of a role's column, from what was stated or from the table. */
static mtp_status find_decimals(const job *j, mtp_rounding_column *column)
{
    const char *role = mtp_role_id(column->role), *expression = column->expression;
    const mtp_column *source = mtp_table_find(j->run->table, expression);
    const stated *s = find_stated(j, expression);

    column->exact = mtp_role_is_count(column->role);
    if (s && !column->exact) {
        column->stated = true;
        column->exact = s->exact;
        column->decimals = s->decimals;
    }
    if (s || column->exact) {
        return MTP_OK;
    }
    if (!source || j->query) {
        return mtp_fail(j->run->err, MTP_E_ARG,
                        "--rounding: how %s was printed cannot be seen, for --%s is "
                        "computed%s; state its decimals with --decimals-of '%s=N' (or "
                        "=exact)%s",
                        expression, role, source ? " by --query" : "", expression,
                        source ? "" : ", or name a column as it was printed");
    }
    column->decimals = mtp_column_decimals(source, j->run->table->decimal);
    return MTP_OK;
}

static mtp_status check_all_used(const job *j)
{
    for (size_t i = 0; i < j->n_stated; i++) {
        if (!j->stated[i].used) {
            return mtp_fail(j->run->err, MTP_E_ARG,
                            "--decimals-of %s: no column option of this analysis reads "
                            "%s; name the column as that option does",
                            j->stated[i].column, j->stated[i].column);
        }
    }
    return MTP_OK;
}

/* Half units of a column; the same array for options that read the same one. */
static const double *half_units(const job *j, const mtp_rounding_column *column)
{
    size_t k = j->run->binding.k;
    double *half;

    for (const mtp_rounding_column *c = j->column; c < column; c++) {
        if (strcmp(c->expression, column->expression) == 0 && j->half[c->role]) {
            return j->half[c->role];
        }
    }
    half = MTP_ARENA_ARRAY(j->run->owner->arena, k, double);
    for (size_t i = 0; half && i < k; i++) {
        half[i] = 0.5 / pow(10.0, column->decimals);
    }
    return half;
}

static mtp_status find_columns(job *j)
{
    mtp_run_context *run = j->run;
    mtp_arena *arena = run->owner->arena;
    mtp_status status = MTP_OK;

    j->column = mtp_arena_zalloc(arena, MTP_ROLE_COUNT, sizeof *j->column);
    if (!j->column) {
        return mtp_fail_nomem(run->err);
    }
    for (unsigned r = 0; r < MTP_ROLE_COUNT && status == MTP_OK; r++) {
        mtp_rounding_column *column = &j->column[j->n_columns];

        if (!run->binding.column[r]) {
            continue;
        }
        j->n_columns++;
        column->role = (mtp_role)r;
        column->expression = mtp_arena_strdup(arena, run->settings.column[r]);
        if (!column->expression) {
            return mtp_fail_nomem(run->err);
        }
        status = find_decimals(j, column);
        if (status == MTP_OK && !column->exact) {
            j->half[r] = half_units(j, column);
            status = j->half[r] ? MTP_OK : mtp_fail_nomem(run->err);
        }
    }
    return status == MTP_OK ? check_all_used(j) : status;
}

static mtp_status compute(const job *j, const mtp_moderators *moderators)
{
    mtp_run_context *run = j->run;
    const mtp_settings *s = &run->settings;
    const mtp_binding *b = &run->binding;
    mtp_raw raw = {.size = sizeof raw, .k = b->k};
    mtp_grouping grouping = {b->n_levels, b->level, b->level_name};
    mtp_rounding_options options;

    memcpy(raw.column, b->column, sizeof raw.column);
    mtp_rounding_options_init(&options, sizeof options);
    options.way = s->rounding.way;
    options.draws = s->rounding.draws;
    options.seed = s->rounding.seed;
    options.threads = s->rounding.threads;
    return moderators ? mtp_rounding_regress(&raw, j->half, &s->effects, moderators,
                                             &s->regress, &options,
                                             &run->owner->rounding, run->err)
                      : mtp_rounding(&raw, j->half, &s->effects,
                                     b->n_levels > 0 ? &grouping : NULL, &s->pool,
                                     &options, &run->owner->rounding, run->err);
}

static mtp_status compute_some(const job *j, const mtp_moderators *moderators)
{
    mtp_run_context *run = j->run;
    mtp_status status = compute(j, moderators);

    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    return run->owner->rounding->n_inputs > 0
               ? MTP_OK
               : mtp_fail(run->err, MTP_E_ARG,
                          "--rounding: there is nothing that was rounded: counts are "
                          "exact, and so is what --decimals-of says; leave it out");
}

/* The note names a study by its place among those that are used. */
static void add_notes(mtp_run_context *run, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];

        mtp_note_add(&run->notes, note->code,
                     note->row ? run->binding.row[note->row - 1] + 1 : 0, "%s",
                     note->text);
    }
}

mtp_status mtp_run_rounding(mtp_run_context *run, const mtp_request *request,
                            const mtp_moderators *moderators)
{
    job j = {.run = run, .query = mtp_request_has(request, MTP_OPT_QUERY)};
    mtp_rounding_analysis *made;
    mtp_status status;

    if (!run->settings.rounding.wanted) {
        return MTP_OK;
    }
    status = read_stated(&j);
    if (status == MTP_OK) {
        status = find_columns(&j);
    }
    if (status == MTP_OK) {
        status = compute_some(&j, moderators);
    }
    if (status != MTP_OK) {
        return status;
    }
    made = MTP_ARENA_NEW(run->owner->arena, mtp_rounding_analysis);
    if (!made) {
        return mtp_fail_nomem(run->err);
    }
    made->result = run->owner->rounding;
    made->n_columns = j.n_columns;
    made->column = j.column;
    run->owner->bundle.rounding = made;
    add_notes(run, &made->result->notes);
    return MTP_OK;
}
