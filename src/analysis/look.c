/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a forest plot is asked to look like. */
#include "metapool/forest_look.h"

#include "analysis/run.h"
#include "analysis/split.h"
#include "core/ascii.h"
#include "core/error.h"
#include "core/names.h"
#include "core/number.h"
#include "effects/ratio.h"

#include <math.h>
#include <string.h>

MTP_NAMES(forest_layout, mtp_forest_layout, MTP_FOREST_LAYOUT_LIST, MTP_LAYOUT_COUNT)
MTP_NAMES(shown, mtp_shown, MTP_SHOWN_LIST, MTP_SHOWN_COUNT)

enum { MOST_COLUMNS = 12 /* of a side */, MOST_TEXTS = 3 * MOST_COLUMNS + 1 };
#define LARGEST_END 1e100 /* of the axis */

/* The look while it is made: what it needs of the table gathers in the settings. */
typedef struct look_job {
    mtp_run_context *run;
    mtp_forest_look *look;
    bool null;         /* --null is given */
    const char **text; /* [MOST_TEXTS] expressions */
} look_job;

/* A role whose raw data the measure has, by the name of its option; -1: none. */
static int role_of(const look_job *job, const char *name)
{
    size_t n;
    const mtp_role *own = mtp_measure_columns(job->run->settings.measure->measure, &n);

    for (size_t i = 0; i < n; i++) {
        if (mtp_ascii_same(mtp_option_get(mtp_role_option(own[i]))->name, name)) {
            return (int)own[i];
        }
    }
    return -1;
}

/* A name stands for what the plot has, else for the raw data, else for a column. */
static mtp_status add_column(look_job *job, const char *name, mtp_forest_shown *column)
{
    mtp_settings *s = &job->run->settings;
    int shown = mtp_shown_from_id(name), role = role_of(job, name);

    *column = (mtp_forest_shown){.shown = MTP_SHOWN_COLUMN};
    if (shown >= 0) {
        column->shown = (mtp_shown)shown;
        column->name = mtp_shown_id(column->shown);
    } else if (role >= 0) {
        column->shown = MTP_SHOWN_ROLE;
        column->role = (mtp_role)role;
        column->name = mtp_option_get(mtp_role_option(column->role))->name;
    } else {
        column->name = mtp_split_unquote(job->run->owner->arena, name);
        job->text[s->n_texts++] = name;
    }
    return column->name ? MTP_OK : mtp_fail_nomem(job->run->err);
}

/* "data,effect" or "none"; the labels always stand first on the left. */
static mtp_status read_side(look_job *job, const mtp_request *request,
                            mtp_option_index index, mtp_forest_side *side)
{
    const char *list = request->given[index];
    mtp_arena *arena = job->run->owner->arena;
    mtp_forest_shown *column;
    const char *const *name;
    mtp_status status = MTP_OK;
    size_t n;

    side->given = list != NULL;
    if (!list || mtp_ascii_same(list, "none")) {
        return MTP_OK;
    }
    name = mtp_split(arena, list, ',', &n);
    column = name ? MTP_ARENA_ARRAY(arena, n, mtp_forest_shown) : NULL;
    if (!column) {
        return mtp_fail_nomem(job->run->err);
    }
    if (n > MOST_COLUMNS) {
        return mtp_fail(job->run->err, MTP_E_ARG, "--%s: more than %d columns",
                        mtp_option_get(index)->name, (int)MOST_COLUMNS);
    }
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        if (!name[i][0]) {
            return mtp_fail(job->run->err, MTP_E_ARG,
                            "--%s: a name is missing between the commas",
                            mtp_option_get(index)->name);
        }
        status = add_column(job, name[i], &column[side->n]);
        side->n += column[side->n].shown != MTP_SHOWN_STUDY;
    }
    side->column = column;
    return status;
}

/* --favours "A,B" */
static mtp_status read_favours(look_job *job, const char *list)
{
    mtp_arena *arena = job->run->owner->arena;
    const char *const *part;
    size_t n;

    if (!list) {
        return MTP_OK;
    }
    part = mtp_split(arena, list, ',', &n);
    if (!part) {
        return mtp_fail_nomem(job->run->err);
    }
    if (n != 2 || !part[0][0] || !part[1][0]) {
        return mtp_fail(job->run->err, MTP_E_ARG,
                        "--favours %s: give two names, of what the left and the right "
                        "side favour: \"vaccine,control\"",
                        list);
    }
    job->look->favours[0] = mtp_split_unquote(arena, part[0]);
    job->look->favours[1] = mtp_split_unquote(arena, part[1]);
    return job->look->favours[0] && job->look->favours[1]
               ? MTP_OK
               : mtp_fail_nomem(job->run->err);
}

/* Two values on the natural scale, --xlim "0.1,10" or --cid "0.8,1.25"; `what` they
 * are. */
static mtp_status read_range(look_job *job, const char *list, const char *option,
                             const char *what, double end[2])
{
    const mtp_measure_info *measure = job->run->settings.measure;
    size_t n;
    const char *const *part;

    end[0] = end[1] = (double)NAN;
    if (!list) {
        return MTP_OK;
    }
    part = mtp_split(job->run->owner->arena, list, ',', &n);
    if (!part) {
        return mtp_fail_nomem(job->run->err);
    }
    if (n != 2 ||
        mtp_number_parse(part[0], strlen(part[0]), &end[0]) != MTP_NUMBER_OK ||
        mtp_number_parse(part[1], strlen(part[1]), &end[1]) != MTP_NUMBER_OK ||
        !(end[1] - end[0] > 1e-9 * (fabs(end[0]) + fabs(end[1]))) ||
        fabs(end[0]) > LARGEST_END || fabs(end[1]) > LARGEST_END) {
        return mtp_fail(job->run->err, MTP_E_ARG,
                        "--%s %s: give the lower and the upper %s", option, list, what);
    }
    if (mtp_measure_is_ratio(measure) && !(end[0] >= 1.0 / LARGEST_END)) {
        return mtp_fail(job->run->err, MTP_E_ARG,
                        "--%s %s: the axis of %s is one of logarithms, and begins "
                        "above 0",
                        option, list, measure->code);
    }
    return MTP_OK;
}

/* --rob "D1,D2" */
static mtp_status read_rob(look_job *job, const char *list)
{
    mtp_settings *s = &job->run->settings;
    mtp_arena *arena = job->run->owner->arena;
    const char *const *name;
    mtp_forest_rob *domain;
    size_t n;

    if (!list) {
        return MTP_OK;
    }
    name = mtp_split(arena, list, ',', &n);
    domain = name ? MTP_ARENA_ARRAY(arena, n, mtp_forest_rob) : NULL;
    if (!domain) {
        return mtp_fail_nomem(job->run->err);
    }
    if (n > MOST_COLUMNS) {
        return mtp_fail(job->run->err, MTP_E_ARG, "--rob: more than %d domains",
                        (int)MOST_COLUMNS);
    }
    job->run->owner->look_rob = s->n_texts;
    for (size_t d = 0; d < n; d++) {
        if (!name[d][0]) {
            return mtp_fail(job->run->err, MTP_E_ARG,
                            "--rob: a name is missing between the commas");
        }
        domain[d].name = mtp_split_unquote(arena, name[d]);
        if (!domain[d].name) {
            return mtp_fail_nomem(job->run->err);
        }
        for (size_t i = 0; i < d; i++) {
            if (strcmp(domain[i].name, domain[d].name) == 0) {
                return mtp_fail(job->run->err, MTP_E_ARG, "--rob: %s is named twice",
                                domain[d].name);
            }
        }
        job->text[s->n_texts++] = name[d];
    }
    job->look->rob = domain;
    job->look->n_rob = n;
    return MTP_OK;
}

/* --sort KEY[:desc] */
static mtp_status read_sort(look_job *job, const char *given)
{
    mtp_settings *s = &job->run->settings;
    mtp_arena *arena = job->run->owner->arena;
    mtp_look_sort *sort = &job->run->owner->look_sort;
    const char *mark, *key = given;

    if (!given) {
        return MTP_OK;
    }
    mark = mtp_split_find_last(given, ':');
    sort->descending = mark && mtp_ascii_same(mark + 1, "desc");
    if (sort->descending || (mark && mtp_ascii_same(mark + 1, "asc"))) {
        key = mtp_arena_printf(arena, "%.*s", (int)(mark - given), given);
    }
    job->look->sort = !key ? NULL
                      : sort->descending
                          ? mtp_arena_printf(arena, "%s, descending", key)
                          : mtp_arena_strdup(arena, key);
    if (!job->look->sort) {
        return mtp_fail_nomem(job->run->err);
    }
    sort->key = mtp_ascii_same(key, "yi")       ? MTP_SORT_YI
                : mtp_ascii_same(key, "weight") ? MTP_SORT_WEIGHT
                : mtp_ascii_same(key, "name")   ? MTP_SORT_NAME
                                                : MTP_SORT_COLUMN;
    if (sort->key == MTP_SORT_COLUMN) {
        sort->text = s->n_texts;
        job->text[s->n_texts++] = key;
    }
    return MTP_OK;
}

/* A column that stands there before; NULL: none. */
static const char *named_twice(const mtp_forest_look *look)
{
    const mtp_forest_side *side[] = {&look->left, &look->right};

    for (size_t i = 0; i < look->left.n + look->right.n; i++) {
        size_t from = i < look->left.n ? i : i - look->left.n;
        const char *name = side[i >= look->left.n]->column[from].name;

        for (size_t j = 0; j < i; j++) {
            size_t at = j < look->left.n ? j : j - look->left.n;

            if (strcmp(side[j >= look->left.n]->column[at].name, name) == 0) {
                return name;
            }
        }
    }
    return NULL;
}

static bool has_own(const mtp_forest_side *side)
{
    for (size_t i = 0; i < side->n; i++) {
        if (side->column[i].shown == MTP_SHOWN_COLUMN ||
            side->column[i].shown == MTP_SHOWN_ROLE) {
            return true;
        }
    }
    return false;
}

/* What belongs to studies has no place beside fits of several of them. */
static mtp_status check_fits(const look_job *job)
{
    const mtp_forest_look *look = job->look;
    const mtp_settings *s = &job->run->settings;
    const char *option = look->n_rob > 0                      ? "rob"
                         : has_own(&look->left)               ? "left"
                         : has_own(&look->right)              ? "right"
                         : !look->sort                        ? NULL
                         : s->sensitivity.order || s->cluster ? "sort"
                                                              : NULL;

    if (s->sensitivity.wanted == 0 || !option) {
        return MTP_OK;
    }
    return mtp_fail(
        job->run->err, MTP_E_ARG,
        "--%s: is about single studies, and the rows of --%s are not; leave "
        "one of them out",
        option, s->sensitivity.order ? "cumulative" : "leave-one-out");
}

static mtp_status check(const look_job *job)
{
    const mtp_forest_look *look = job->look;
    const char *twice = named_twice(look);

    if (look->layout == MTP_LAYOUT_SUBGROUP && !job->run->settings.by) {
        return mtp_fail(
            job->run->err, MTP_E_ARG,
            "--layout subgroup: shows the summaries of subgroups; give --by");
    }
    if (twice) {
        return mtp_fail(job->run->err, MTP_E_ARG,
                        "--left and --right: %s is named twice", twice);
    }
    if (look->favours[0] && isnan(job->run->settings.pool.null_value) && !job->null) {
        return mtp_fail(job->run->err, MTP_E_ARG,
                        "--favours: there is no hypothesis whose sides could favour "
                        "anything; give --null");
    }
    return check_fits(job);
}

mtp_status mtp_run_look_asked(mtp_run_context *run, const mtp_request *request)
{
    mtp_arena *arena = run->owner->arena;
    look_job job = {.run = run, .null = mtp_request_has(request, MTP_OPT_NULL_VALUE)};
    mtp_status status;

    if (request->command != MTP_COMMAND_FOREST) {
        return MTP_OK;
    }
    job.look = MTP_ARENA_NEW(arena, mtp_forest_look);
    job.text = MTP_ARENA_ARRAY(arena, MOST_TEXTS, const char *);
    if (!job.look || !job.text) {
        return mtp_fail_nomem(run->err);
    }
    job.look->layout = (mtp_forest_layout)mtp_request_choice(request, MTP_OPT_LAYOUT);
    job.look->pooled = (mtp_pooled_shown)mtp_request_choice(request, MTP_OPT_POOLED);
    job.look->pooled_line =
        (mtp_pooled_line)mtp_request_choice(request, MTP_OPT_POOLED_LINE);
    job.look->hide_not_estimable =
        mtp_request_choice(request, MTP_OPT_NOT_ESTIMABLE) == 1;
    status = read_side(&job, request, MTP_OPT_LEFT, &job.look->left);
    if (status == MTP_OK) {
        status = read_side(&job, request, MTP_OPT_RIGHT, &job.look->right);
    }
    if (status == MTP_OK) {
        status = read_sort(&job, request->given[MTP_OPT_SORT]);
    }
    if (status == MTP_OK) {
        status = read_rob(&job, request->given[MTP_OPT_ROB]);
    }
    if (status == MTP_OK) {
        status = read_favours(&job, request->given[MTP_OPT_FAVOURS]);
    }
    if (status == MTP_OK) {
        status = read_range(&job, request->given[MTP_OPT_XLIM], "xlim",
                            "end of the axis: 0.1,10", job.look->xlim);
    }
    if (status == MTP_OK) {
        status =
            read_range(&job, request->given[MTP_OPT_CID], "cid",
                       "bound of effects too small to matter: 0.8,1.25", job.look->cid);
    }
    run->settings.text = job.text;
    run->owner->look = job.look;
    run->owner->bundle.look = job.look;
    return status == MTP_OK ? check(&job) : status;
}

/* The texts of a side's columns, from the next bound one on. */
static mtp_status fill_side(mtp_run_context *run, mtp_forest_side *side, size_t *next)
{
    mtp_arena *arena = run->owner->arena;
    mtp_forest_shown *column = MTP_ARENA_ARRAY(arena, side->n + 1, mtp_forest_shown);

    if (!column) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < side->n; i++) {
        column[i] = side->column[i];
        if (column[i].shown == MTP_SHOWN_COLUMN) {
            const mtp_labels *bound = &run->binding.text[(*next)++];

            column[i].text = bound->text;
            column[i].is_number = bound->number != NULL;
        }
    }
    side->column = column;
    return MTP_OK;
}

mtp_status mtp_run_look(mtp_run_context *run)
{
    mtp_forest_look *look = run->owner->look;
    size_t next = 0;
    mtp_status status;

    if (!look) {
        return MTP_OK;
    }
    status = fill_side(run, &look->left, &next);
    if (status == MTP_OK) {
        status = fill_side(run, &look->right, &next);
    }
    if (status == MTP_OK) {
        status = mtp_run_look_rob(run, run->owner->look_rob);
    }
    return status == MTP_OK ? mtp_run_look_order(run, &look->order) : status;
}
