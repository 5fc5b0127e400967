/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random tables with given margins, drawn cell by cell from the conditional
 * hypergeometric distributions: Patefield (1981), Appl Stat 30:91-97,
 * doi:10.2307/2346669.
 */
#include "composition/conditional.h"
#include "core/parallel.h"
#include "num/dist.h"
#include "num/random.h"

#include <math.h>

/* Steps of inversion that a test may take in all, about a second, and the draws below
 * which it is not worth taking. */
static const double STEPS_MAX = 1e8;
static const double DRAWS_MIN = 1000.0;

enum {
    CHUNK = 1024,             /* draws of a task */
    FACTORIALS_MAX = 1 << 16, /* kept */
};

typedef struct sampler {
    const mtp_table_law *law;
    uint64_t seed;
    size_t draws;
    double *log_factorial; /* [n_factorials] */
    size_t n_factorials;
    double *left; /* [chunks][columns] */
    size_t *hits; /* [chunks] */
} sampler;

/* Three binomial probabilities: unlike log factorials, small terms (Loader 2000). */
static double log_large_hypergeometric(double x, double n, double K, double M)
{
    double p = n / M, q = (M - n) / M;

    return mtp_log_binomial(x, K, p, q) + mtp_log_binomial(n - x, M - K, p, q) -
           mtp_log_binomial(n, M, p, q);
}

static double log_hypergeometric(const sampler *s, double x, double n, double K,
                                 double M)
{
    const double *log_factorial = s->log_factorial;

    if (M >= (double)s->n_factorials) {
        return log_large_hypergeometric(x, n, K, M);
    }
    return log_factorial[(size_t)K] - log_factorial[(size_t)x] -
           log_factorial[(size_t)(K - x)] + log_factorial[(size_t)(M - K)] -
           log_factorial[(size_t)(n - x)] - log_factorial[(size_t)(M - K - n + x)] -
           log_factorial[(size_t)M] + log_factorial[(size_t)n] +
           log_factorial[(size_t)(M - n)];
}

/*
 * How many of n things, taken from M of which K are marked, are marked. Inversion from
 * the mode outwards: u is used up by the probabilities above and below in turn.
 */
static double draw_hypergeometric(const sampler *s, mtp_random *random, double n,
                                  double K, double M)
{
    double low = fmax(0.0, n + K - M), high = fmin(n, K);
    double mode = floor((n + 1.0) * (K + 1.0) / (M + 2.0));
    double up = fmin(fmax(mode, low), high), down = up;
    double p_up, p_down, u;

    if (low == high) {
        return low;
    }
    mode = up;
    u = mtp_random_uniform(random);
    p_up = p_down = exp(log_hypergeometric(s, mode, n, K, M));
    u -= p_up;
    while (u > 0.0 && (up < high || down > low)) {
        if (up < high) {
            p_up *= (K - up) / (up + 1.0) * ((n - up) / (M - K - n + up + 1.0));
            up += 1.0;
            u -= p_up;
            if (u <= 0.0) {
                return up;
            }
        }
        if (down > low) {
            p_down *= down / (K - down + 1.0) * ((M - K - n + down) / (n - down + 1.0));
            down -= 1.0;
            u -= p_down;
            if (u <= 0.0) {
                return down;
            }
        }
    }
    return mode; /* u was below p(mode), or above the rounded sum of all */
}

/* log P of a random table; left: room for the columns. */
static double draw_table(const sampler *s, mtp_random *random, double left[])
{
    const mtp_count_table *t = s->law->table;
    double total = t->N, log_p = s->law->constant;

    for (size_t j = 0; j < t->columns; j++) {
        left[j] = t->C[j];
    }
    for (size_t i = 0; i + 1 < t->rows; i++) {
        double row = t->R[i], rest = total;

        for (size_t j = 0; j < t->columns; j++) {
            double K = left[j];
            double x = draw_hypergeometric(s, random, row, K, rest);

            log_p += mtp_law_cell(s->law, i * t->columns + j, x);
            left[j] -= x;
            row -= x;
            rest -= K;
        }
        total -= t->R[i];
    }
    for (size_t j = 0; j < t->columns; j++) {
        log_p += mtp_law_cell(s->law, (t->rows - 1) * t->columns + j, left[j]);
    }
    return log_p;
}

static mtp_status draw_chunk(void *context, size_t index)
{
    const sampler *s = context;
    size_t first = index * CHUNK;
    size_t end = s->draws - first < CHUNK ? s->draws : first + CHUNK;

    s->hits[index] = 0;
    for (size_t d = first; d < end; d++) {
        mtp_random random = mtp_random_start(s->seed, d);

        s->hits[index] +=
            draw_table(s, &random, s->left + index * s->law->table->columns) <=
            s->law->bound;
    }
    return MTP_OK;
}

static mtp_status allocate(sampler *s, size_t chunks, mtp_arena *scratch)
{
    const mtp_count_table *t = s->law->table;
    double sum = 0.0;

    if (chunks > SIZE_MAX / t->columns) {
        return MTP_E_NOMEM;
    }
    s->n_factorials = t->N < FACTORIALS_MAX ? (size_t)t->N + 1 : FACTORIALS_MAX;
    s->log_factorial = MTP_ARENA_ARRAY(scratch, s->n_factorials, double);
    s->left = MTP_ARENA_ARRAY(scratch, chunks * t->columns, double);
    s->hits = MTP_ARENA_ARRAY(scratch, chunks, size_t);
    if (!s->log_factorial || !s->left || !s->hits) {
        return MTP_E_NOMEM;
    }
    s->log_factorial[0] = 0.0;
    for (size_t n = 1; n < s->n_factorials; n++) {
        sum += log((double)n);
        s->log_factorial[n] = sum;
    }
    return MTP_OK;
}

size_t mtp_conditional_draws(const mtp_count_table *t, size_t draws)
{
    double steps = 0.0, most;

    /* A cell lies 0.8 standard deviations from its mode on average, and a step up goes
     * with a step down. */
    for (size_t i = 0; i + 1 < t->rows; i++) {
        for (size_t j = 0; j < t->columns; j++) {
            double share = t->R[i] / t->N, rest = 1.0 - share;

            steps += 1.0 + 1.6 * sqrt(t->C[j] * (1.0 - t->C[j] / t->N) * share * rest);
        }
    }
    most = floor(STEPS_MAX / steps);
    if ((double)draws <= most) {
        return draws;
    }
    return most < DRAWS_MIN ? 0 : (size_t)most;
}

mtp_status mtp_conditional_random(const mtp_table_law *law, uint64_t seed, size_t draws,
                                  unsigned threads, mtp_arena *scratch, double *p)
{
    size_t chunks = draws / CHUNK + (draws % CHUNK != 0), hits = 0;
    sampler s = {.law = law, .seed = seed, .draws = draws};
    mtp_status status = allocate(&s, chunks, scratch);

    if (!status) {
        status = mtp_parallel_for(chunks, threads, draw_chunk, &s);
    }
    if (status) {
        return status;
    }
    for (size_t c = 0; c < chunks; c++) {
        hits += s.hits[c];
    }
    *p = (1.0 + (double)hits) / ((double)draws + 1.0);
    return MTP_OK;
}
