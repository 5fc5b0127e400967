/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "models/pool_notes.h"
#include "models/regress_job.h"

#include <math.h>

/* A rule of thumb for moderators: Higgins et al., Cochrane Handbook, section 10.11.4.
 */
enum { STUDIES_A_MODERATOR = 10 };

static void note_size(mtp_regress_job *job)
{
    size_t k = job->mods->k, p = job->mods->p, columns = p - job->mods->intercept;

    if (k == p) {
        mtp_note_add(&job->notes, MTP_NOTE_FEW_DF, 0,
                     "%zu coefficients of %zu studies leave nothing to judge them by: "
                     "tau2 and all that needs degrees of freedom are missing",
                     p, k);
    } else if (columns > 0 && k < STUDIES_A_MODERATOR * columns) {
        mtp_note_add(&job->notes, MTP_NOTE_FEW_STUDIES, 0,
                     "%zu studies for %zu moderator %s: fewer than ten a column, so "
                     "that chance findings are likely (Cochrane Handbook, 10.11.4)",
                     k, columns, columns == 1 ? "column" : "columns");
    }
}

static void note_tau2(mtp_regress_job *job)
{
    const mtp_regress_result *r = job->result;
    const mtp_heterogeneity *h = &r->heterogeneity;
    const mtp_tau2_result *fit = &job->tau2.result; /* 0 of a mixed model */

    if (fit->truncated) {
        mtp_note_add(&job->notes, MTP_NOTE_TAU2_TRUNCATED, 0,
                     "the %s estimate of tau2 is %s and was set to 0",
                     mtp_tau2_label(r->fit.tau2_method),
                     mtp_number_brief(fit->raw, 4).text);
    } else if (h->tau2 == 0.0 && r->fit.tau2_method < MTP_TAU2_EE) {
        mtp_note_add(&job->notes, MTP_NOTE_TAU2_ZERO, 0,
                     "tau2 is 0: beyond the moderators the effects are as alike as "
                     "their variances make likely");
    }
    if (h->ci.status == MTP_SET_OK &&
        (h->tau2 < h->ci.tau2[0] || h->tau2 > h->ci.tau2[1])) {
        mtp_note_add(&job->notes, MTP_NOTE_INTERVAL_EXCLUDES, 0,
                     "the %s interval does not hold the estimate of tau2: they rest on "
                     "different equations",
                     mtp_tau2_ci_label(job->options.tau2_ci));
    }
    if (h->ci.status == MTP_SET_EMPTY) {
        mtp_note_add(&job->notes, MTP_NOTE_INTERVAL_EMPTY, 0,
                     "the %s interval of tau2 is empty: the effects are more alike "
                     "than their variances make likely at any tau2",
                     mtp_tau2_ci_label(job->options.tau2_ci));
    }
    if (r->null_tau2 == 0.0) {
        mtp_note_add(&job->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "R2 is not defined: without moderators tau2 is 0 already");
    }
    mtp_note_modes(&job->notes, "", &r->fit);
}

/* An interval narrower than Wald's at the same tau2, on the standard error alone. */
static void note_factor(mtp_regress_job *job)
{
    double factor = job->result->factor;

    if (factor == 0.0) {
        mtp_note_add(
            &job->notes, MTP_NOTE_HKSJ_ZERO_SE, 0,
            "no effect differs from its fitted mean: the Hartung-Knapp standard "
            "errors are 0 and their tests are not defined");
    } else if (factor < 1.0) {
        mtp_note_add(&job->notes, MTP_NOTE_HKSJ_NARROWER, 0,
                     "the Hartung-Knapp standard errors are %s times Wald's: the "
                     "residuals vary less than expected; hksj-adhoc never narrows them",
                     mtp_number_brief(sqrt(factor), 4).text);
    }
}

/* Whether one at least has a prediction interval, be it too far away for a double. */
static bool any_interval(size_t n, const mtp_regress_prediction of[])
{
    for (size_t i = 0; i < n; i++) {
        if (!isnan(of[i].pi_lower) || of[i].pi_df > 0.0) {
            return true;
        }
    }
    return false;
}

static void note_predictions(mtp_regress_job *job)
{
    const mtp_regress_result *r = job->result;
    size_t n = r->n_predictions ? r->n_predictions : r->n_margins;

    if (n > 0 && job->options.predict != MTP_PI_NONE &&
        !any_interval(n, r->n_predictions ? r->predictions : r->margins)) {
        if (r->tau2) {
            mtp_note_add(&job->notes, MTP_NOTE_PI_UNDEFINED, 0,
                         "there are no prediction intervals: tau2 depends on "
                         "moderators of its own, of which nothing is given");
        } else {
            mtp_note_add(&job->notes, MTP_NOTE_PI_UNDEFINED, 0,
                         "there are no prediction intervals: %zu studies and %zu "
                         "coefficients leave too few degrees of freedom",
                         r->k, r->p);
        }
    }
}

static void note_permutation(mtp_regress_job *job)
{
    const mtp_permutation *made = job->result->permutation;

    if (made && !made->exact) {
        mtp_note_add(
            &job->notes, MTP_NOTE_BOOTSTRAP, 0,
            "the permutation test takes %zu arrangements by chance of %s%s; a "
            "p of 0.05 is known to about %s",
            made->n, mtp_number_brief(made->arrangements, 4).text,
            job->options.permute_exact ? ", which are too many for all" : "",
            mtp_number_brief(2.0 * sqrt(0.05 * 0.95 / (double)made->n), 4).text);
    } else if (made && made->n < 20) {
        mtp_note_add(&job->notes, MTP_NOTE_FEW_DF, 0,
                     "there are but %zu arrangements, so that no permutation p can be "
                     "below %s",
                     made->n, mtp_number_brief(1.0 / (double)made->n, 4).text);
    }
}

void mtp_regress_note(mtp_regress_job *job)
{
    note_size(job);
    if (job->nested) {
        mtp_note_add_all(&job->notes, &job->nested->notes);
    } else if (!job->result->tau2) {
        note_tau2(job);
    }
    note_factor(job);
    mtp_regress_note_robust(job);
    note_predictions(job);
    note_permutation(job);
}
