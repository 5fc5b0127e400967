/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/copas.h"

#include "bias/copas_fit.h"
#include "core/error.h"
#include "core/number.h"
#include "core/owned.h"
#include "tau2/estimate.h"

#include <math.h>
#include <string.h>

enum { PROBS = 19 }; /* of the default path: 1/20 to 19/20 */

/* The likelihood turns into cliffs as rho nears 1. */
static const double RHO_MOST = 0.9999;

void mtp_copas_options_init(mtp_copas_options *options, size_t size)
{
    mtp_copas_options all = {.size = size,
                             .side = MTP_SIDE_AUTO,
                             .ratio = 0.01,
                             .rho_bound = RHO_MOST,
                             .sig_level = 0.1,
                             .level = 0.95};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status check_path(const mtp_copas_options *o, mtp_error *err)
{
    bool pairs = o->gamma0 && o->gamma1;

    if (o->n > 0 ? (o->prob != NULL) == pairs || (o->gamma0 != NULL) != pairs
                 : o->prob || o->gamma0 || o->gamma1) {
        return mtp_fail(err, MTP_E_ARG,
                        "a path has probabilities, or gamma0 and gamma1 of each point");
    }
    for (size_t i = 0; i < o->n; i++) {
        if (o->prob && !(o->prob[i] >= 1e-6 && o->prob[i] <= 1.0 - 1e-6)) {
            return mtp_fail(
                err, MTP_E_ARG,
                "a probability of publication is between 1e-6 and 1 - 1e-6");
        }
        if (!o->prob && !(isfinite(o->gamma0[i]) && o->gamma1[i] >= 0.0 &&
                          isfinite(o->gamma1[i]))) {
            return mtp_fail(err, MTP_E_ARG,
                            "gamma0 is finite, gamma1 too and at least 0");
        }
    }
    return MTP_OK;
}

static mtp_status check_options(const mtp_copas_options *o, mtp_error *err)
{
    if ((unsigned)o->side >= MTP_SIDE_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "there is no such side");
    }
    if (!(o->ratio > 0.0 && o->ratio <= 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "the ratio is above 0 and at most 1");
    }
    if (!(o->rho_bound > 0.0 && o->rho_bound <= RHO_MOST)) {
        return mtp_fail(err, MTP_E_ARG, "the bound of rho is above 0 and at most %s",
                        mtp_number_brief(RHO_MOST, 6).text);
    }
    if (!(o->sig_level > 0.0 && o->sig_level < 1.0 && o->level > 0.0 &&
          o->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "a level is above 0 and below 1");
    }
    return check_path(o, err);
}

static mtp_status take_options(const mtp_copas_options *given, mtp_copas_options *used,
                               mtp_error *err)
{
    mtp_status status;

    mtp_copas_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, given,
                                  offsetof(mtp_copas_options, side),
                                  "mtp_copas_options_init", err);
    return status == MTP_OK ? check_options(used, err) : status;
}

/* The result keeps the path, the default one too. */
static mtp_status copy_path(mtp_copas_job *job)
{
    mtp_copas_options *o = &job->result->options;
    bool given = o->n > 0, pairs = given && !o->prob;
    double *room;

    o->n = given ? o->n : PROBS;
    room = mtp_arena_alloc(job->arena, o->n, 2 * sizeof *room);
    if (!room) {
        return mtp_fail_nomem(job->err);
    }
    for (size_t i = 0; i < o->n; i++) {
        if (pairs) {
            room[i] = o->gamma0[i];
            room[o->n + i] = o->gamma1[i];
        } else {
            room[i] = given ? o->prob[i] : (double)(PROBS - i) / (PROBS + 1);
        }
    }
    o->prob = pairs ? NULL : room;
    o->gamma0 = pairs ? room : NULL;
    o->gamma1 = pairs ? room + o->n : NULL;
    return MTP_OK;
}

/* Of studies of the same size nothing can be told. */
static mtp_status find_extremes(mtp_copas_job *job)
{
    size_t least = 0, most = 0;

    for (size_t i = 1; i < job->k; i++) {
        least = job->vi[i] < job->vi[least] ? i : least;
        most = job->vi[i] > job->vi[most] ? i : most;
    }
    job->se_min = sqrt(job->vi[least]);
    job->se_max = sqrt(job->vi[most]);
    job->result->largest = most;
    return job->se_min < job->se_max
               ? MTP_OK
               : mtp_fail(
                     job->err, MTP_E_DEGENERATE,
                     "all studies have the same standard error, and the Copas model "
                     "tells them apart by it");
}

static mtp_status make_room(mtp_copas_job *job)
{
    mtp_copas_problem *of = &job->problem;
    double *room = mtp_arena_alloc(job->arena, job->k, 6 * sizeof *room);

    if (!room) {
        return mtp_fail_nomem(job->err);
    }
    of->k = job->k;
    of->y = room;
    of->s = room + job->k;
    of->x = room + 2 * job->k;
    of->u = room + 3 * job->k;
    of->c2 = room + 4 * job->k;
    of->log_p = room + 5 * job->k;
    return MTP_OK;
}

static void fill_problem(mtp_copas_job *job, const mtp_study_point point[],
                         size_t index[])
{
    mtp_copas_problem *of = &job->problem;
    double sum = 0.0;

    for (size_t i = 0; i < job->k; i++) {
        index[i] = point[i].index;
        of->y[i] = mtp_dd_to(point[i].d);
        of->s[i] = sqrt(point[i].v);
        sum += of->s[i];
    }
    for (size_t i = 0; i < job->k; i++) {
        of->x[i] = of->s[i] - sum / (double)job->k;
        job->x_scale = fmax(job->x_scale, fabs(of->x[i]));
    }
    for (size_t i = 0; i < job->k; i++) {
        of->x[i] /= job->x_scale;
    }
    job->index = index;
}

/* The problem, where it comes from, and where searches start. */
static mtp_status prepare(mtp_copas_job *job)
{
    mtp_arena *arena = job->arena;
    mtp_study_point *point = MTP_ARENA_ARRAY(arena, job->k, mtp_study_point);
    size_t *index = MTP_ARENA_ARRAY(arena, job->k, size_t);
    mtp_study_block block;
    mtp_studies studies;
    mtp_tau2_fit fit;
    mtp_sums sums;
    mtp_status status = point && index ? make_room(job) : mtp_fail_nomem(job->err);

    if (status == MTP_OK) {
        status = mtp_studies_prepare(job->k, job->yi, job->vi, 1, NULL, point, &block,
                                     &studies, job->err);
    }
    if (status == MTP_OK) {
        status = find_extremes(job);
    }
    if (status != MTP_OK) {
        return status;
    }
    mtp_tau2_fit_studies(MTP_TAU2_ML, &studies, &fit);
    mtp_sums_at(&studies, fit.tau2, &sums);
    job->mean = mtp_dd_to(sums.mean);
    job->tau2 = mtp_dd_to(fit.tau2);
    job->unit = studies.unit;
    job->centre = block.centre;
    fill_problem(job, point, index);
    return MTP_OK;
}

static mtp_status run(mtp_copas_job *job)
{
    mtp_status status = copy_path(job);

    if (status == MTP_OK) {
        status = prepare(job);
    }
    if (status == MTP_OK) {
        status = mtp_copas_make_searches(job);
    }
    return status == MTP_OK ? mtp_copas_follow(job) : status;
}

mtp_status mtp_copas(size_t k, const double yi[], const double vi[],
                     const mtp_copas_options *options, mtp_copas_result **result,
                     mtp_error *err)
{
    mtp_copas_job job = {.k = k, .yi = yi, .vi = vi, .err = err};
    mtp_copas_options used;
    mtp_status status = take_options(options, &used, err);

    if (status != MTP_OK) {
        return status;
    }
    if (k < 3) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "the Copas model needs at least 3 studies, not %zu", k);
    }
    job.result = MTP_OWNED_NEW(mtp_copas_result);
    if (!job.result) {
        return mtp_fail_nomem(err);
    }
    job.arena = mtp_owned_arena(job.result);
    job.result->k = k;
    job.result->side = used.side;
    job.result->options = used;
    mtp_note_list_init(&job.notes, job.arena);
    status = run(&job);
    if (status == MTP_OK) {
        *result = job.result;
    } else {
        mtp_owned_free(job.result);
    }
    return status;
}

void mtp_copas_free(mtp_copas_result *result)
{
    mtp_owned_free(result);
}
