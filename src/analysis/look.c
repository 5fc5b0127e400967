/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a forest plot is asked to look like. */
#include "analysis/look_read.h"
#include "core/error.h"
#include "core/names.h"

#include <math.h>
#include <string.h>

MTP_NAMES(forest_layout, mtp_forest_layout, MTP_FOREST_LAYOUT_LIST, MTP_LAYOUT_COUNT)
MTP_NAMES(shown, mtp_shown, MTP_SHOWN_LIST, MTP_SHOWN_COUNT)

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
static mtp_status check_fits(const mtp_look_job *job)
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

static mtp_status check(const mtp_look_job *job)
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
    mtp_look_job job = {.run = run,
                        .null = mtp_request_has(request, MTP_OPT_NULL_VALUE)};
    mtp_status status;

    if (request->command != MTP_COMMAND_FOREST) {
        return MTP_OK;
    }
    job.look = MTP_ARENA_NEW(arena, mtp_forest_look);
    job.text = MTP_ARENA_ARRAY(arena, MTP_LOOK_TEXTS, const char *);
    if (!job.look || !job.text) {
        return mtp_fail_nomem(run->err);
    }
    job.look->layout = (mtp_forest_layout)mtp_request_choice(request, MTP_OPT_LAYOUT);
    job.look->pooled = (mtp_pooled_shown)mtp_request_choice(request, MTP_OPT_POOLED);
    job.look->pooled_line =
        (mtp_pooled_line)mtp_request_choice(request, MTP_OPT_POOLED_LINE);
    job.look->hide_not_estimable =
        mtp_request_choice(request, MTP_OPT_NOT_ESTIMABLE) == 1;
    status = mtp_look_read(&job, request);
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
