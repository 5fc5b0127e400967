/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/columns.h"

#include "core/dd_vector.h"
#include "core/error.h"

#include <float.h>
#include <math.h>

static const mtp_dd zero = {0.0, 0.0};

/* Of a column of doubles: what is exact in them is far above, what double-double makes
 * of nothing far below. */
static const double NOTHING = 0x1p-80;

/* Column j of x in the order of the points, divided by 2^exponent so that it is near 1.
 */
static mtp_status load_column(const mtp_studies *studies, const double x[], size_t j,
                              int *exponent, mtp_error *err)
{
    mtp_columns *c = studies->columns;
    mtp_dd *to = mtp_column(c->z, c, j);
    double largest = 0.0;

    for (size_t i = 0; i < c->k; i++) {
        size_t row = studies->point[i].index;
        double value = x[row * c->p + j];

        if (!isfinite(value)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, row + 1, "mods",
                               "a moderator is not finite");
        }
        largest = fmax(largest, fabs(value));
        to[i] = mtp_dd_from(value);
    }
    *exponent = largest > 0.0 ? ilogb(largest) : 0;
    for (size_t i = 0; i < c->k; i++) {
        to[i].hi = ldexp(to[i].hi, -*exponent);
    }
    return MTP_OK;
}

static bool is_constant(const mtp_dd a[], size_t k)
{
    for (size_t i = 1; i < k; i++) {
        if (a[i].hi != a[0].hi) {
            return false;
        }
    }
    return true;
}

/*
 * X = Z R. Column j is deficient when what the columns before it leave of it is below
 * k epsilon of its length, the length about its mean where the first column is
 * constant; or next to nothing of it, as a constant beside a constant leaves.
 */
static size_t orthonormalize(mtp_columns *c, const int exponent[])
{
    size_t k = c->k, p = c->p;

    for (size_t j = 0; j < p; j++) {
        mtp_dd *z = mtp_column(c->z, c, j), square = mtp_dd_dot(k, z, z);
        double whole = sqrt(square.hi), length = whole, left;

        for (size_t l = 0; l < p; l++) {
            c->r[j * p + l] = zero;
        }
        for (size_t l = 0; l < j; l++) {
            const mtp_dd *before = mtp_column(c->z, c, l);
            mtp_dd s = mtp_dd_dot(k, before, z);

            mtp_dd_take_away(k, z, s, before);
            c->r[l * p + j] = mtp_dd_ldexp(s, exponent[j]);
            if (l == 0 && is_constant(before, k)) {
                length = sqrt(mtp_dd_dot(k, z, z).hi);
            }
        }
        square = mtp_dd_dot(k, z, z);
        left = sqrt(square.hi);
        if (!(left > (double)k * DBL_EPSILON * length && left > NOTHING * whole)) {
            return j;
        }
        square = mtp_dd_sqrt(square);
        c->r[j * p + j] = mtp_dd_ldexp(square, exponent[j]);
        square = mtp_dd_inv(square);
        for (size_t i = 0; i < k; i++) {
            z[i] = mtp_dd_mul(z[i], square);
        }
    }
    return p;
}

/* Effects that are a combination of the columns leave nothing, not its rounding. */
static void clear_nothing(size_t k, mtp_dd residual[], double largest_effect)
{
    double largest = 0.0;

    for (size_t i = 0; i < k; i++) {
        largest = fmax(largest, fabs(residual[i].hi));
    }
    for (size_t i = 0; i < k && largest <= NOTHING * largest_effect; i++) {
        residual[i] = zero;
    }
}

/* The effects about their least-squares fit, which is kept in start. */
static void take_residuals(mtp_studies *studies, mtp_study_point point[],
                           const double yi[])
{
    mtp_columns *c = studies->columns;
    mtp_dd sum = zero, mean;
    double scale = ldexp(1.0, -studies->unit), largest = 0.0;

    for (size_t i = 0; i < c->k; i++) {
        c->residual[i] = mtp_dd_from(yi[point[i].index] * scale);
        sum = mtp_dd_add(sum, c->residual[i]);
        largest = fmax(largest, fabs(c->residual[i].hi));
    }
    mean = mtp_dd_div(sum, mtp_dd_from((double)c->k));
    c->total = zero;
    for (size_t i = 0; i < c->k; i++) {
        mtp_dd d = mtp_dd_sub(c->residual[i], mean);

        c->total = mtp_dd_add(c->total, mtp_dd_sqr(d));
    }
    for (size_t j = 0; j < c->p; j++) {
        const mtp_dd *z = mtp_column(c->z, c, j);

        c->start[j] = mtp_dd_dot(c->k, z, c->residual);
        mtp_dd_take_away(c->k, c->residual, c->start[j], z);
    }
    clear_nothing(c->k, c->residual, largest);
    sum = zero;
    for (size_t i = 0; i < c->k; i++) {
        point[i].d = c->residual[i];
        sum = mtp_dd_add(sum, mtp_dd_sqr(point[i].d));
    }
    /* No maximum of a likelihood lies beyond the square of this: likelihood.c. */
    studies->range = sqrt(sum.hi);
}

mtp_status mtp_columns_replace(mtp_studies *studies, mtp_study_point point[],
                               const double yi[], const double x[], size_t *deficient,
                               mtp_error *err)
{
    mtp_columns *c = studies->columns;
    mtp_status status = MTP_OK;

    for (size_t j = 0; j < c->p && status == MTP_OK; j++) {
        status = load_column(studies, x, j, &c->exponent[j], err);
    }
    if (status != MTP_OK) {
        return status;
    }
    *deficient = orthonormalize(c, c->exponent);
    if (*deficient < c->p) {
        return mtp_fail(err, MTP_E_DATA,
                        "column %zu of the moderators is a combination of the columns "
                        "before it",
                        *deficient + 1);
    }
    for (size_t i = 0; i < c->p * c->k; i++) {
        c->z_hi[i] = c->z[i].hi;
    }
    take_residuals(studies, point, yi);
    studies->at_zero = NULL;
    return MTP_OK;
}

static mtp_columns *make_room(size_t k, size_t p, mtp_arena *arena)
{
    mtp_columns *c = MTP_ARENA_NEW(arena, mtp_columns);
    mtp_dd *room =
        c ? mtp_arena_alloc(arena, 2 * p * k + 3 * p * p + 3 * p + 4 * k, sizeof *room)
          : NULL;
    double *doubles =
        room ? MTP_ARENA_ARRAY(arena, (p + (p + 3) * MTP_LANES) * k, double) : NULL;

    if (!doubles) {
        return NULL;
    }
    c->exponent = MTP_ARENA_ARRAY(arena, p, int);
    c->k = k;
    c->p = p;
    c->z = room;
    c->q = c->z + p * k;
    c->r = c->q + p * k;
    c->t = c->r + p * p;
    c->inverse = c->t + p * p;
    c->start = c->inverse + p * p;
    c->norm = c->start + p;
    c->c = c->norm + p;
    c->residual = c->c + p;
    c->w = c->residual + k;
    c->leverage = c->w + k;
    c->work = c->leverage + k;
    c->z_hi = doubles;
    c->lanes = doubles + p * k;
    return c->exponent ? c : NULL;
}

mtp_status mtp_columns_attach(mtp_studies *studies, mtp_study_point point[], size_t p,
                              const double yi[], const double x[], mtp_arena *arena,
                              size_t *deficient, mtp_error *err)
{
    if (p == 0 || p > studies->k) {
        return mtp_fail(err, MTP_E_DATA, "%zu %s cannot carry %zu coefficients",
                        studies->k, studies->k == 1 ? "study" : "studies", p);
    }
    studies->columns = make_room(studies->k, p, arena);
    studies->means = p;
    return studies->columns ? mtp_columns_replace(studies, point, yi, x, deficient, err)
                            : mtp_fail_nomem(err);
}

void mtp_columns_factor(const mtp_studies *studies, const mtp_weighting *by)
{
    mtp_columns *c = studies->columns;
    size_t k = c->k, p = c->p;

    for (size_t i = 0; i < k; i++) {
        c->w[i] = mtp_weight_by(studies, by, i);
        c->residual[i] = studies->point[i].d;
        c->leverage[i] = zero;
    }
    for (size_t i = 0; i < p * k; i++) {
        c->q[i] = c->z[i];
    }
    for (size_t l = 0; l < p; l++) {
        mtp_dd *q = mtp_column(c->q, c, l), *wq = c->work, inverse;

        for (size_t i = 0; i < k; i++) {
            wq[i] = mtp_dd_mul(c->w[i], q[i]);
        }
        c->norm[l] = mtp_dd_dot(k, wq, q);
        inverse = mtp_dd_inv(c->norm[l]);
        c->t[l * p + l] = mtp_dd_from(1.0);
        for (size_t j = l + 1; j < p; j++) {
            mtp_dd *other = mtp_column(c->q, c, j);

            c->t[l * p + j] = mtp_dd_mul(mtp_dd_dot(k, wq, other), inverse);
            mtp_dd_take_away(k, other, c->t[l * p + j], q);
        }
        c->c[l] = mtp_dd_mul(mtp_dd_dot(k, wq, c->residual), inverse);
        mtp_dd_take_away(k, c->residual, c->c[l], q);
        for (size_t i = 0; i < k; i++) {
            mtp_dd part = mtp_dd_mul(mtp_dd_mul(wq[i], q[i]), inverse);

            c->leverage[i] = mtp_dd_add(c->leverage[i], part);
        }
    }
}

/* w (1 - h) */
static mtp_dd own_weight(const mtp_columns *c, size_t i)
{
    return mtp_dd_mul(c->w[i], mtp_dd_sub(mtp_dd_from(1.0), c->leverage[i]));
}

void mtp_columns_sums(const mtp_studies *studies, mtp_dd t, mtp_sums *sums)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, t};
    const mtp_columns *c = studies->columns;

    *sums =
        (mtp_sums){.mean = mtp_dd_from((double)NAN), .block_weights = {{1.0, 0.0}, 0}};
    mtp_columns_factor(studies, &by);
    for (size_t i = 0; i < c->k; i++) {
        mtp_dd wr = mtp_dd_mul(c->w[i], c->residual[i]);

        sums->w = mtp_dd_add(sums->w, c->w[i]);
        sums->w2 = mtp_dd_add(sums->w2, mtp_dd_sqr(c->w[i]));
        sums->Q = mtp_dd_add(sums->Q, mtp_dd_mul(wr, c->residual[i]));
        sums->wr2 = mtp_dd_add(sums->wr2, mtp_dd_sqr(wr));
        sums->trP = mtp_dd_add(sums->trP, own_weight(c, i));
    }
    for (size_t l = 0; l < c->p; l++) {
        mtp_product_times(&sums->block_weights, c->norm[l]);
    }
}

mtp_form mtp_columns_form(const mtp_studies *studies, const mtp_weighting *by)
{
    const mtp_columns *c = studies->columns;
    mtp_form form = {zero, zero, zero};

    mtp_columns_factor(studies, by);
    for (size_t i = 0; i < c->k; i++) {
        mtp_dd own = own_weight(c, i);

        form.Q = mtp_dd_add(form.Q, mtp_dd_mul(c->w[i], mtp_dd_sqr(c->residual[i])));
        form.trP = mtp_dd_add(form.trP, own);
        form.noise = mtp_dd_add(form.noise, mtp_dd_mul_d(own, studies->point[i].v));
    }
    return form;
}

/* Whether most of a study's fitted value is its own: fewer than 2 p studies can lead.
 */
static bool leads(const mtp_columns *c, size_t i)
{
    return c->leverage[i].hi > 0.5;
}

/* sum over pairs with a leading study of 2 h_ij^2 d_i d_j; c->work holds w d, and
 * h_ij = sqrt(w_i w_j) sum_l q_il q_jl / N_l. */
static mtp_dd pairs_of_leaders(const mtp_columns *c)
{
    mtp_dd sum = zero;

    for (size_t i = 0; i < c->k; i++) {
        for (size_t j = 0; j < c->k && leads(c, i); j++) {
            mtp_dd h = zero;

            if (j == i || (j < i && leads(c, j))) {
                continue;
            }
            for (size_t l = 0; l < c->p; l++) {
                const mtp_dd *q = mtp_column(c->q, c, l);

                h = mtp_dd_add(h, mtp_dd_div(mtp_dd_mul(q[i], q[j]), c->norm[l]));
            }
            h = mtp_dd_mul(mtp_dd_sqr(h), mtp_dd_mul(c->work[i], c->work[j]));
            sum = mtp_dd_add(sum, mtp_dd_mul_d(h, 2.0));
        }
    }
    return sum;
}

/* sum w d q_l q_m over the studies that do not lead */
static mtp_dd product_of_others(const mtp_columns *c, size_t l, size_t m)
{
    const mtp_dd *a = mtp_column(c->q, c, l), *b = mtp_column(c->q, c, m);
    mtp_dd sum = zero;

    for (size_t i = 0; i < c->k; i++) {
        if (!leads(c, i)) {
            sum = mtp_dd_add(sum, mtp_dd_mul(c->work[i], mtp_dd_mul(a[i], b[i])));
        }
    }
    return sum;
}

/*
 * With d = w s and H the matrix of leverages, P S = W^1/2 (I - H) W^-1/2 diag(d):
 *   tr((P S)^2) = sum ((1 - h_i) d_i)^2 + sum over i != j of h_ij^2 d_i d_j.
 * Pairs with a leading study are summed one by one. For the others the second sum is
 * sum_lm G_lm^2 / (N_l N_m) - sum (h_i d_i)^2, which takes away no more than the first
 * sum has of them, so that nothing cancels.
 */
mtp_dd mtp_columns_trace(const mtp_studies *studies, const mtp_weighting *by,
                         const mtp_dd *spread)
{
    mtp_columns *c = studies->columns;
    mtp_dd sum = zero, one = {1.0, 0.0};

    mtp_columns_factor(studies, by);
    for (size_t i = 0; i < c->k; i++) {
        mtp_dd s = spread ? mtp_dd_add(*spread, mtp_dd_from(studies->point[i].v)) : one;
        mtp_dd rest = mtp_dd_sub(one, c->leverage[i]), d = mtp_dd_mul(c->w[i], s);

        c->work[i] = mtp_dd_mul(c->w[i], d);
        rest = leads(c, i) ? mtp_dd_sqr(rest) : mtp_dd_sub(rest, c->leverage[i]);
        sum = mtp_dd_add(sum, mtp_dd_mul(mtp_dd_sqr(d), rest));
    }
    sum = mtp_dd_add(sum, pairs_of_leaders(c));
    for (size_t l = 0; l < c->p; l++) {
        for (size_t m = 0; m <= l; m++) {
            mtp_dd g = mtp_dd_sqr(product_of_others(c, l, m));

            g = mtp_dd_div(g, mtp_dd_mul(c->norm[l], c->norm[m]));
            sum = mtp_dd_add(sum, m < l ? mtp_dd_mul_d(g, 2.0) : g);
        }
    }
    return sum;
}
