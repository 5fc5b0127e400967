/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Risk of bias: levels from the words of a column. */
#include "metapool/forest_look.h"

#include "analysis/run.h"
#include "core/ascii.h"
#include "core/error.h"
#include "core/names.h"

MTP_NAMES(rob, mtp_rob, MTP_ROB_LIST, MTP_ROB_COUNT)

/* Words of RoB 2, ROBINS-I and Review Manager. */
static const struct {
    const char *word;
    mtp_rob level;
} words[] = {
    {"low risk", MTP_ROB_LOW},
    {"low risk of bias", MTP_ROB_LOW},
    {"+", MTP_ROB_LOW},
    {"some concerns", MTP_ROB_SOME},
    {"moderate", MTP_ROB_SOME},
    {"-", MTP_ROB_SOME},
    {"high risk", MTP_ROB_HIGH},
    {"high risk of bias", MTP_ROB_HIGH},
    {"serious", MTP_ROB_HIGH},
    {"critical", MTP_ROB_HIGH},
    {"x", MTP_ROB_HIGH},
    {"unclear risk", MTP_ROB_UNCLEAR},
    {"unclear risk of bias", MTP_ROB_UNCLEAR},
    {"no information", MTP_ROB_UNCLEAR},
    {"?", MTP_ROB_UNCLEAR},
};

/* -1: no level. */
static int level_of(const char *text)
{
    int level = mtp_rob_from_id(text);

    for (size_t i = 0; level < 0 && i < sizeof words / sizeof *words; i++) {
        level = mtp_ascii_same(words[i].word, text) ? (int)words[i].level : -1;
    }
    return level;
}

/* The study of a bound text, NULL where the figure does not show it. */
static const char *study_of(const mtp_run_context *run, size_t i)
{
    size_t k = run->binding.k;
    const mtp_excluded *excluded = i < k ? NULL : &run->binding.ledger.excluded[i - k];

    if (!excluded) {
        return run->binding.study[i];
    }
    return excluded->value && !run->owner->look->hide_not_estimable ? excluded->study
                                                                    : NULL;
}

static mtp_status fill(mtp_run_context *run, const mtp_labels *bound,
                       mtp_forest_rob *domain)
{
    size_t n = run->binding.k + run->binding.ledger.n_excluded;
    mtp_rob *level = MTP_ARENA_ARRAY(run->owner->arena, n, mtp_rob);

    if (!level) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < n; i++) {
        const char *study = study_of(run, i);
        int found =
            study && bound->text[i] ? level_of(bound->text[i]) : (int)MTP_ROB_NONE;

        if (found < 0) {
            return mtp_fail(run->err, MTP_E_ARG,
                            "--rob %s: '%s' (%s) is not low, some, high or unclear",
                            domain->name, bound->text[i], study);
        }
        level[i] = (mtp_rob)found;
    }
    domain->level = level;
    return MTP_OK;
}

mtp_status mtp_run_look_rob(mtp_run_context *run, size_t first)
{
    mtp_forest_look *look = run->owner->look;
    mtp_forest_rob *domain =
        MTP_ARENA_ARRAY(run->owner->arena, look->n_rob + 1, mtp_forest_rob);
    mtp_status status = domain ? MTP_OK : mtp_fail_nomem(run->err);

    for (size_t d = 0; status == MTP_OK && d < look->n_rob; d++) {
        domain[d] = look->rob[d];
        status = fill(run, &run->binding.text[first + d], &domain[d]);
    }
    look->rob = domain;
    return status;
}
