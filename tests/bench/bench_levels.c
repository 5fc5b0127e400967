/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/multilevel.h"

#include "num/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * CPU time of nested models: simulated effects, five a study, with a variance between
 * studies and one between effects of a study, by REML.
 *   metapool_bench_levels
 * Prints one line a case: its name, a tab, seconds a call (the best of several).
 */

enum { A_STUDY = 5 };

typedef struct sample {
    size_t k;
    double *yi, *vi;
    size_t *study, *effect;
} sample;

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double normal(mtp_random *draw)
{
    static const double two_pi = 6.283185307179586476925287;
    double radius = sqrt(-2.0 * log(mtp_random_uniform(draw)));

    return radius * cos(two_pi * mtp_random_uniform(draw));
}

/* Mean 0.3, variances 0.1 between studies and 0.05 within; sampling 0.01 to 0.4. */
static sample simulate(size_t k)
{
    sample s = {k, calloc(k, sizeof *s.yi), calloc(k, sizeof *s.vi),
                calloc(k, sizeof *s.study), calloc(k, sizeof *s.effect)};
    mtp_random draw = mtp_random_start(1, k);
    double shared = 0.0;

    if (!s.yi || !s.vi || !s.study || !s.effect) {
        abort();
    }
    for (size_t i = 0; i < k; i++) {
        shared = i % A_STUDY == 0 ? sqrt(0.1) * normal(&draw) : shared;
        s.vi[i] = 0.01 * exp(3.7 * mtp_random_uniform(&draw));
        s.yi[i] = 0.3 + shared + normal(&draw) * sqrt(s.vi[i] + 0.05);
        s.study[i] = i / A_STUDY;
        s.effect[i] = i;
    }
    return s;
}

static double seconds_a_call(const sample *s, bool intervals)
{
    const mtp_level levels[] = {{"study", s->study}, {"effect", s->effect}};
    double best = (double)INFINITY, begin = cpu_seconds();
    mtp_multilevel_options options;

    mtp_multilevel_options_init(&options, sizeof options);
    options.intervals = intervals;
    for (int call = 0; call < 1000 && (call < 3 || cpu_seconds() - begin < 0.2);
         call++) {
        mtp_multilevel_result *result = NULL;
        mtp_error err = {0};
        double from = cpu_seconds();

        if (mtp_multilevel(s->k, s->yi, s->vi, 1, NULL, 2, levels, &options, &result,
                           &err) != MTP_OK) {
            fprintf(stderr, "metapool_bench_levels: %s\n", err.message);
            exit(EXIT_FAILURE);
        }
        best = fmin(best, cpu_seconds() - from);
        mtp_multilevel_free(result);
    }
    return best;
}

int main(void)
{
    static const struct {
        size_t k;
        const char *name;
    } sizes[] = {{55, "55"}, {1000, "1,000"}, {10000, "10,000"}, {100000, "100,000"}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sample s = simulate(sizes[i].k);

        printf("nested, %s effects in studies of five, REML\t%.9g\n", sizes[i].name,
               seconds_a_call(&s, false));
        printf("the same with both profile-likelihood intervals\t%.9g\n",
               seconds_a_call(&s, true));
        free(s.yi);
        free(s.vi);
        free(s.study);
        free(s.effect);
    }
    return 0;
}
