/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coefficients and their covariance from a factorization of columns. */
#include "core/dd_vector.h"
#include "tau2/columns.h"

static const mtp_dd zero = {0.0, 0.0};

/* (T R)^-1 column by column. */
static void invert(mtp_columns *c)
{
    for (size_t l = 0; l < c->p; l++) {
        mtp_dd *x = c->inverse + l * c->p;

        for (size_t j = 0; j < c->p; j++) {
            x[j] = mtp_dd_from(j == l ? 1.0 : 0.0);
        }
        mtp_dd_solve_upper(c->p, c->p, c->t, 1, x);
        mtp_dd_solve_upper(c->p, c->p, c->r, 1, x);
    }
}

static void coefficients(const mtp_studies *studies, mtp_dd beta[])
{
    const mtp_columns *c = studies->columns;

    for (size_t j = 0; j < c->p; j++) {
        beta[j] = c->c[j];
    }
    mtp_dd_solve_upper(c->p, c->p, c->t, 1, beta);
    for (size_t j = 0; j < c->p; j++) {
        beta[j] = mtp_dd_add(beta[j], c->start[j]);
    }
    mtp_dd_solve_upper(c->p, c->p, c->r, 1, beta);
    for (size_t j = 0; j < c->p; j++) {
        beta[j] = mtp_to_unit_of_y(studies, beta[j], 1);
    }
}

/* cov += s a b', a and b columns of (T R)^-1. */
static void add_product(const mtp_columns *c, mtp_dd s, size_t a, size_t b,
                        mtp_dd cov[])
{
    const mtp_dd *left = c->inverse + a * c->p, *right = c->inverse + b * c->p;

    for (size_t i = 0; i < c->p; i++) {
        mtp_dd scaled = mtp_dd_mul(s, left[i]);

        for (size_t j = 0; j < c->p; j++) {
            mtp_dd *to = &cov[i * c->p + j];

            *to = mtp_dd_add(*to, mtp_dd_mul(scaled, right[j]));
        }
    }
}

void mtp_columns_solution(const mtp_studies *studies, mtp_dd beta[], mtp_dd cov[])
{
    mtp_columns *c = studies->columns;

    coefficients(studies, beta);
    invert(c);
    for (size_t i = 0; i < c->p * c->p; i++) {
        cov[i] = zero;
    }
    for (size_t l = 0; l < c->p; l++) {
        add_product(c, mtp_dd_inv(c->norm[l]), l, l, cov);
    }
    for (size_t i = 0; i < c->p * c->p; i++) {
        cov[i] = mtp_to_unit_of_y(studies, cov[i], 2);
    }
}

/* sum a^2 (v + t) q_l q_m / (norm_l norm_m) */
static mtp_dd middle(const mtp_studies *studies, mtp_dd t, size_t l, size_t m)
{
    const mtp_columns *c = studies->columns;
    const mtp_dd *a = mtp_column(c->q, c, l), *b = mtp_column(c->q, c, m);
    mtp_dd sum = zero;

    for (size_t i = 0; i < c->k; i++) {
        mtp_dd s = mtp_dd_add(t, mtp_dd_from(studies->point[i].v));

        s = mtp_dd_mul(mtp_dd_mul(mtp_dd_sqr(c->w[i]), s), mtp_dd_mul(a[i], b[i]));
        sum = mtp_dd_add(sum, s);
    }
    return mtp_dd_div(sum, mtp_dd_mul(c->norm[l], c->norm[m]));
}

void mtp_columns_solution_given(const mtp_studies *studies, mtp_dd t, mtp_dd beta[],
                                mtp_dd cov[])
{
    mtp_weighting given = {MTP_WEIGHT_GIVEN, zero};
    mtp_columns *c = studies->columns;

    mtp_columns_factor(studies, &given);
    coefficients(studies, beta);
    invert(c);
    for (size_t i = 0; i < c->p * c->p; i++) {
        cov[i] = zero;
    }
    for (size_t l = 0; l < c->p; l++) {
        for (size_t m = 0; m < c->p; m++) {
            add_product(c, middle(studies, t, l, m), l, m, cov);
        }
    }
    for (size_t i = 0; i < c->p * c->p; i++) {
        cov[i] = mtp_to_unit_of_y(studies, cov[i], 2);
    }
}
