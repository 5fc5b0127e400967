/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bubble plot shows beside the line, after the studies are listed. */
#include "analysis/run.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

static double weight_of(const mtp_study *study)
{
    return study->weight_random;
}

static double size_of(const mtp_study *study)
{
    return study->n;
}

static double time_of(const mtp_study *study)
{
    return study->time;
}

static double same(const mtp_study *study)
{
    (void)study;
    return 1.0;
}

/* What the area may show: the first that every study has. */
static const struct {
    const char *name;
    double (*of)(const mtp_study *study);
} areas[] = {{"weight", weight_of}, {"n", size_of}, {"time", time_of}, {"even", same}};

static mtp_status choose_area(mtp_run_context *run, mtp_bubble *bubble)
{
    const mtp_bundle *bundle = &run->owner->bundle;
    double *size = MTP_ARENA_ARRAY(run->owner->arena, bundle->n_studies, double);
    bool all = false;

    if (!size) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t a = 0; !all; a++) { /* the last one is there */
        all = true;
        for (size_t i = 0; i < bundle->n_studies; i++) {
            size[i] = areas[a].of(&bundle->studies[i]);
            all = all && isfinite(size[i]) && size[i] > 0.0;
        }
        bubble->area = areas[a].name;
    }
    bubble->size = size;
    return MTP_OK;
}

/* The moderator of each study. */
static mtp_status list_places(mtp_run_context *run, mtp_bubble *bubble)
{
    const mtp_design *design = run->owner->design;
    double *x = MTP_ARENA_ARRAY(run->owner->arena, design->k, double);

    if (!x) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < design->k; i++) {
        x[i] = bubble->factor ? (double)bubble->level_of[i]
                              : run->binding.mods[bubble->variable].number[i];
    }
    bubble->x = x;
    return MTP_OK;
}

static mtp_status list_groups(mtp_run_context *run, mtp_bubble *bubble)
{
    const mtp_binding *binding = &run->binding;
    mtp_arena *arena = run->owner->arena;
    size_t n = binding->n_levels, k = run->owner->bundle.n_studies;
    const char **group = MTP_ARENA_ARRAY(arena, n, const char *);
    size_t *group_of = MTP_ARENA_ARRAY(arena, k, size_t);

    if (n > MTP_BUBBLE_GROUPS) {
        return mtp_fail(run->err, MTP_E_ARG,
                        "--by %s: has %zu groups, and a bubble plot has shapes for %d; "
                        "put it into --mods and run it --across, or join some",
                        run->settings.by, n, (int)MTP_BUBBLE_GROUPS);
    }
    if (!group || !group_of) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < n; i++) {
        group[i] = mtp_arena_strdup(arena, binding->level_name[i]);
        if (!group[i]) {
            return mtp_fail_nomem(run->err);
        }
    }
    for (size_t i = 0; i < k && n > 0; i++) {
        group_of[i] = binding->level[i];
    }
    bubble->n_groups = n;
    bubble->group = group;
    bubble->group_of = n > 0 ? group_of : NULL;
    return MTP_OK;
}

mtp_status mtp_run_bubble(mtp_run_context *run, const mtp_request *request)
{
    mtp_bubble *bubble = run->owner->bubble;
    mtp_status status = list_places(run, bubble);

    if (status == MTP_OK) {
        status = choose_area(run, bubble);
    }
    if (status == MTP_OK) {
        status = list_groups(run, bubble);
    }
    bubble->names = mtp_request_value(request, MTP_OPT_NAMES)[0] == 't';
    run->owner->bundle.bubble = bubble;
    return status;
}
