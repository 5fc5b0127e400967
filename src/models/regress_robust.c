/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The covariance of a fit by clusters (robust.h), and tests with its degrees of
 * freedom, in place of those of the model. */
#include "core/error.h"
#include "models/between.h"
#include "models/regress_job.h"
#include "models/robust_notes.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double degrees_of_freedom(const void *of, const double l[])
{
    const mtp_regress_job *job = (const mtp_regress_job *)of;
    double variance, df = (double)NAN;

    if (mtp_robust_combination(job->robust, l, &variance, &df, NULL) != MTP_OK) {
        *job->out_of_memory = true;
    }
    return df;
}

static mtp_test test(const void *of, size_t q, const double l[])
{
    const mtp_regress_job *job = (const mtp_regress_job *)of;
    mtp_arena_mark mark = mtp_arena_save(job->scratch);
    double *value = MTP_ARENA_ARRAY(job->scratch, q, double);
    mtp_robust_test made;
    mtp_status status = MTP_E_NOMEM;

    for (size_t i = 0; i < q && value; i++) {
        value[i] = mtp_dd_to(mtp_linear_value(&job->linear, l + i * job->mods->p));
    }
    if (value) {
        status = mtp_robust_wald(job->robust, q, l, value, &made, NULL);
    }
    mtp_arena_release(job->scratch, mark);
    if (status != MTP_OK) {
        *job->out_of_memory = true;
        return mtp_test_missing();
    }
    return (mtp_test){.statistic = made.statistic,
                      .is_f = true,
                      .df = made.df1,
                      .df2 = made.df2,
                      .p = made.p,
                      .log_p = made.log_p};
}

/* Clusters by number without gaps; returns how many there are. */
static size_t number_clusters(const mtp_regress_job *job, size_t number[],
                              size_t cluster[])
{
    size_t m = 0, n = job->options.n_clusters;

    memset(number, 0, n * sizeof *number);
    for (size_t i = 0; i < job->mods->k; i++) {
        number[job->options.cluster[i]] = 1;
    }
    for (size_t c = 0; c < n; c++) {
        number[c] = number[c] ? m++ : 0;
    }
    for (size_t i = 0; i < job->mods->k; i++) {
        cluster[i] = number[job->options.cluster[i]];
    }
    return m;
}

/* Effects that lie on the regression but for their own rounding leave no residual. */
static void drop_rounding(const mtp_regress_job *job, double residual[])
{
    const mtp_moderators *m = job->mods;
    bool any = false;

    for (size_t i = 0; i < m->k; i++) {
        double size = fabs(job->effects->yi[i]);

        for (size_t j = 0; j < m->p; j++) {
            size += fabs(mtp_dd_to(job->linear.beta[j]) * m->x[i * m->p + j]);
        }
        any = any || fabs(residual[i]) > 4.0 * DBL_EPSILON * size;
    }
    for (size_t i = 0; !any && i < m->k; i++) {
        residual[i] = 0.0;
    }
}

/* The working model of the fit: independent effects, or blocks of the top level. */
static mtp_status describe(mtp_regress_job *job, mtp_robust_model *model,
                           mtp_error *err)
{
    const mtp_moderators *m = job->mods;
    const mtp_effects *e = job->effects;
    double *residual = MTP_ARENA_ARRAY(job->scratch, m->k, double);
    double *variance = MTP_ARENA_ARRAY(job->scratch, m->k, double);
    size_t *cluster = MTP_ARENA_ARRAY(job->scratch, m->k, size_t);
    size_t *number = MTP_ARENA_ARRAY(job->scratch, job->options.n_clusters, size_t);

    if (!residual || !variance || !cluster || !number) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < m->k; i++) {
        mtp_dd fitted = mtp_linear_value(&job->linear, m->x + i * m->p);

        residual[i] = mtp_dd_to(mtp_dd_sub(mtp_dd_from(e->yi[i]), fitted));
        variance[i] = mtp_dd_to(mtp_dd_add(mtp_dd_from(e->vi[i]), job->spread));
    }
    drop_rounding(job, residual);
    mtp_robust_model_init(model, sizeof *model);
    model->k = m->k;
    model->p = m->p;
    model->x = m->x;
    model->residual = residual;
    model->clusters = number_clusters(job, number, cluster);
    model->cluster = cluster;
    if (job->nested) {
        model->n_blocks = job->nested->levels[0].effects.n_groups;
        model->block = mtp_multilevel_block;
        model->context = job->nested;
    } else {
        model->variance = variance;
        model->weight = job->options.weights;
    }
    return MTP_OK;
}

/* The covariance in the place of the model's; NaN where there is none. */
static mtp_status take(mtp_regress_job *job, mtp_error *err)
{
    size_t p = job->mods->p;
    mtp_dd *cov = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);

    for (size_t i = 0; i < p * p && cov; i++) {
        cov[i] = mtp_dd_from(job->robust ? job->robust->vcov[i] : (double)NAN);
    }
    job->linear.cov = cov;
    job->linear.small_sample = (mtp_linear_small_sample){0};
    if (job->robust) {
        job->linear.df = (double)(job->robust->clusters - p);
        job->linear.small_sample =
            (mtp_linear_small_sample){job, degrees_of_freedom, test};
    }
    return cov ? MTP_OK : mtp_fail_nomem(err);
}

mtp_status mtp_regress_make_robust(mtp_regress_job *job, mtp_error *err)
{
    mtp_robust_model model;
    mtp_status status = describe(job, &model, err);

    if (status != MTP_OK) {
        return status;
    }
    job->result->n_clusters = model.clusters;
    status = mtp_robust(&model, job->options.robust, &job->robust, err);
    if (status == MTP_E_DEGENERATE) {
        mtp_note_add(&job->notes, MTP_NOTE_FEW_CLUSTERS, 0,
                     "there is no robust variance: %zu %s cannot judge %zu %s",
                     model.clusters, model.clusters == 1 ? "cluster" : "clusters",
                     model.p, model.p == 1 ? "coefficient" : "coefficients");
        status = MTP_OK;
    }
    return status == MTP_OK ? take(job, err) : status;
}

void mtp_regress_note_robust(mtp_regress_job *job)
{
    const mtp_robust_result *made = job->robust;
    size_t least = 0;
    char name[128];

    if (!made) {
        return;
    }
    mtp_robust_note_clusters(&job->notes, "", job->options.robust, made->clusters,
                             made->singular);
    for (size_t j = 0; j < job->mods->p; j++) {
        if (!(made->vcov[j * job->mods->p + j] > 0.0)) {
            mtp_note_add(&job->notes, MTP_NOTE_CLUSTER_ALONE, 0,
                         "the robust variance of coefficient '%s' is 0, for the "
                         "studies that tell it leave no residual: it says nothing, and "
                         "there is no test",
                         job->name[j]);
        } else if (isnan(made->df[j])) {
            mtp_note_add(&job->notes, MTP_NOTE_CLUSTER_ALONE, 0,
                         "the robust variance of coefficient '%s' is but a trace of "
                         "what clusters hold that are each alone in telling it: it has "
                         "no degrees of freedom, and there is no test",
                         job->name[j]);
        }
    }
    for (size_t j = 1; j < job->mods->p; j++) {
        bool less = made->df[j] < made->df[least] || isnan(made->df[least]);

        least = less ? j : least;
    }
    (void)snprintf(name, sizeof name, "coefficient '%s'", job->name[least]);
    mtp_robust_note_df(&job->notes, "", name, made->df[least]);
}
