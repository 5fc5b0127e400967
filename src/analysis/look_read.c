/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of a forest plot say, each in its own small language. */
#include "analysis/look_read.h"

#include "analysis/split.h"
#include "core/ascii.h"
#include "core/error.h"
#include "core/number.h"
#include "effects/ratio.h"

#include <math.h>
#include <string.h>

#define LARGEST_END 1e100 /* of the axis */

/* A role whose raw data the measure has, by the name of its option; -1: none. */
static int role_of(const mtp_look_job *job, const char *name)
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
static mtp_status add_column(mtp_look_job *job, const char *name,
                             mtp_forest_shown *column)
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
static mtp_status read_side(mtp_look_job *job, const mtp_request *request,
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
    if (n > MTP_LOOK_COLUMNS) {
        return mtp_fail(job->run->err, MTP_E_ARG, "--%s: more than %d columns",
                        mtp_option_get(index)->name, (int)MTP_LOOK_COLUMNS);
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
static mtp_status read_favours(mtp_look_job *job, const char *list)
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
static mtp_status read_range(mtp_look_job *job, const char *list, const char *option,
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
static mtp_status read_rob(mtp_look_job *job, const char *list)
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
    if (n > MTP_LOOK_COLUMNS) {
        return mtp_fail(job->run->err, MTP_E_ARG, "--rob: more than %d domains",
                        (int)MTP_LOOK_COLUMNS);
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
static mtp_status read_sort(mtp_look_job *job, const char *given)
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

mtp_status mtp_look_read(mtp_look_job *job, const mtp_request *request)
{
    mtp_status status = read_side(job, request, MTP_OPT_LEFT, &job->look->left);

    if (status == MTP_OK) {
        status = read_side(job, request, MTP_OPT_RIGHT, &job->look->right);
    }
    if (status == MTP_OK) {
        status = read_sort(job, request->given[MTP_OPT_SORT]);
    }
    if (status == MTP_OK) {
        status = read_rob(job, request->given[MTP_OPT_ROB]);
    }
    if (status == MTP_OK) {
        status = read_favours(job, request->given[MTP_OPT_FAVOURS]);
    }
    if (status == MTP_OK) {
        status = read_range(job, request->given[MTP_OPT_XLIM], "xlim",
                            "end of the axis: 0.1,10", job->look->xlim);
    }
    if (status == MTP_OK) {
        status = read_range(job, request->given[MTP_OPT_CID], "cid",
                            "bound of effects too small to matter: 0.8,1.25",
                            job->look->cid);
    }
    return status;
}
