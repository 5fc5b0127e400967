/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a step: an answer, or a note that says why there is none; and its
 * estimate as it is shown. */
#include "bias_analysis/steps.h"
#include "core/error.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* The row of a study; a study that was filled in has none. */
static size_t row_of(const mtp_bias_run *run, size_t study)
{
    return study > 0 && study <= run->effects->k ? run->row[study - 1] + 1 : 0;
}

mtp_status mtp_bias_settle(mtp_bias_run *run, mtp_status status,
                           const mtp_error *problem, const char *what,
                           const char **reason)
{
    bool no_answer = status == MTP_E_DATA || status == MTP_E_DEGENERATE ||
                     status == MTP_E_NOCONV || status == MTP_E_UNSUPPORTED;
    size_t study = no_answer ? problem->line : 0;
    const char *text;

    if (status == MTP_OK) {
        run->owned->analysis.answered = true;
        return MTP_OK;
    }
    if (!no_answer) {
        *run->err = *problem;
        return status;
    }
    text = mtp_arena_strdup(run->arena, problem->message);
    if (!text) {
        return mtp_fail_nomem(run->err);
    }
    mtp_note_add(run->notes, MTP_NOTE_NO_ANSWER, row_of(run, study),
                 "%s has no answer: %s", what, text);
    if (reason) {
        *reason = text;
    }
    return MTP_OK;
}

static bool is_said(const mtp_note_list *said, const mtp_note *note, size_t row)
{
    for (size_t i = 0; i < said->count; i++) {
        if (said->item[i].code == note->code && said->item[i].row == row &&
            strcmp(said->item[i].text, note->text) == 0) {
            return true;
        }
    }
    return false;
}

static void add_note(mtp_bias_run *run, const char *what, const mtp_note *note)
{
    size_t row = row_of(run, note->row);

    if (what) {
        mtp_note_add(run->notes, note->code, row, "%s: %s", what, note->text);
    } else if (!is_said(run->notes, note, row)) {
        mtp_note_add(run->notes, note->code, row, "%s", note->text);
    }
}

void mtp_bias_add_notes(mtp_bias_run *run, const char *what, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        add_note(run, what, &notes->item[i]);
    }
}

/* Notes on predictions, intervals of tau2 and criteria, which are not shown. */
static bool is_shown(mtp_note_code code)
{
    return code != MTP_NOTE_NOT_DEFINED && code != MTP_NOTE_PI_UNDEFINED &&
           code != MTP_NOTE_PI_INSIDE_CI && code != MTP_NOTE_INTERVAL_EXCLUDES;
}

void mtp_bias_add_pool_notes(mtp_bias_run *run, const char *what,
                             const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (is_shown(notes->item[i].code)) {
            add_note(run, what, &notes->item[i]);
        }
    }
}

void mtp_bias_unshift(const mtp_bias_run *run, mtp_coefficient *c)
{
    double null = run->owned->analysis.null_value;

    if (isnan(null)) { /* and what is tested against 0 is tested for nothing */
        c->statistic = c->p = c->log_p = (double)NAN;
    } else {
        c->estimate += null;
        c->ci_lower += null;
        c->ci_upper += null;
    }
}

mtp_bias_natural mtp_bias_back(const mtp_bias_run *run, const mtp_coefficient *c)
{
    mtp_measure measure = run->effects->measure->measure;
    double n = run->pool->overall.random.back.ft_n;

    return (mtp_bias_natural){mtp_back_transform(measure, c->estimate, n, NULL),
                              mtp_back_transform(measure, c->ci_lower, n, NULL),
                              mtp_back_transform(measure, c->ci_upper, n, NULL)};
}

void mtp_bias_test_mean(const mtp_bias_run *run, mtp_coefficient *c)
{
    double null = run->pool->overall.random.null_value;

    if (null == 0.0) {
        return;
    }
    c->statistic = (c->estimate - null) / c->se;
    c->p = c->log_p = (double)NAN;
    if (!isnan(c->statistic)) {
        mtp_tail tail = mtp_t_two_sided(c->statistic, c->df);

        c->p = tail.p;
        c->log_p = tail.log_p;
    }
}
