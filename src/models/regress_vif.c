/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/regress_vif.h"

#include "core/error.h"

#include <math.h>
#include <stdbool.h>

/* Which columns a determinant is of. */
typedef enum part { ALL, CHOSEN, OTHERS } part;

typedef struct choice {
    const mtp_regress_job *job;
    mtp_dd *work; /* [p * p] */
    size_t *at;   /* [p] */
    bool by_term;
    size_t which; /* column, or term */
} choice;

static bool takes(const choice *c, part of, size_t j)
{
    const mtp_moderators *m = c->job->mods;
    bool chosen = c->by_term ? m->column_term[j] == c->which : j == c->which;

    return !(m->intercept && j == 0) && (of == ALL || chosen == (of == CHOSEN));
}

/* The determinant of the covariances of a part, each row and column scaled to a
 * variance of 1, by Cholesky's factorization. */
static mtp_dd determinant(const choice *c, part of)
{
    const mtp_dd *cov = c->job->model_cov;
    size_t p = c->job->mods->p, n = 0;
    mtp_dd product = {1.0, 0.0}, *factor = c->work;

    for (size_t j = 0; j < p; j++) {
        if (takes(c, of, j)) {
            c->at[n++] = j;
        }
    }
    for (size_t i = 0; i < n; i++) {
        mtp_dd own = cov[c->at[i] * p + c->at[i]], left = own;

        for (size_t j = 0; j < i; j++) {
            mtp_dd value = cov[c->at[i] * p + c->at[j]];

            for (size_t l = 0; l < j; l++) {
                value =
                    mtp_dd_sub(value, mtp_dd_mul(factor[i * p + l], factor[j * p + l]));
            }
            factor[i * p + j] = mtp_dd_div(value, factor[j * p + j]);
            left = mtp_dd_sub(left, mtp_dd_sqr(factor[i * p + j]));
        }
        factor[i * p + i] = mtp_dd_sqrt(left);
        product = mtp_dd_mul(product, mtp_dd_div(left, own));
    }
    return product;
}

static size_t columns_of(const choice *c)
{
    size_t n = 0;

    for (size_t j = 0; j < c->job->mods->p; j++) {
        n += takes(c, CHOSEN, j);
    }
    return n;
}

static mtp_vif inflation(const choice *c, const char *name)
{
    mtp_vif made = {.name = name, .columns = columns_of(c)};
    mtp_dd apart = mtp_dd_mul(determinant(c, CHOSEN), determinant(c, OTHERS));

    made.vif = mtp_dd_to(mtp_dd_div(apart, determinant(c, ALL)));
    made.sif = pow(made.vif, 0.5 / (double)made.columns);
    return made;
}

mtp_status mtp_regress_inflation(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *m = job->mods;
    size_t n = 0, terms = m->column_term ? m->n_terms : 0;
    mtp_vif *vif = MTP_ARENA_ARRAY(job->arena, m->p + terms, mtp_vif);
    choice c = {.job = job,
                .work = MTP_ARENA_ARRAY(job->scratch, m->p * m->p, mtp_dd),
                .at = MTP_ARENA_ARRAY(job->scratch, m->p, size_t)};

    if (!vif || !c.work || !c.at) {
        return mtp_fail_nomem(err);
    }
    for (c.which = m->intercept ? 1 : 0; c.which < m->p; c.which++) {
        vif[n++] = inflation(&c, job->name[c.which]);
    }
    c.by_term = true;
    for (c.which = 0; c.which < terms; c.which++) {
        if (columns_of(&c) > 1 && columns_of(&c) < m->p) {
            vif[n++] = inflation(&c, job->result->terms[c.which].name);
        }
    }
    job->result->n_vif = n;
    job->result->vif = vif;
    return MTP_OK;
}
