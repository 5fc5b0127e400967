/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "models/beta_binomial.h"
#include "models/glmm_hypergeometric.h"
#include "models/glmm_unconditional.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * CPU time of likelihoods of counts on the 13 trials of BCG vaccine: the exact
 * conditional and the unconditional models of odds ratios, and the beta-binomial model
 * of the control groups.
 * Prints one line a case: its name, a tab, the median of many calls in seconds.
 */

enum { STUDIES = 13, CALLS = 101 };

/* Colditz et al (1994), JAMA 271:698-702: tuberculosis with and without vaccine */
static const double x1[STUDIES] = {4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27};
static const double n1[STUDIES] = {123,   306,  231,  13598, 5069, 1541, 2545,
                                   88391, 7499, 1716, 50634, 2498, 16913};
static const double x2[STUDIES] = {11,  29, 11, 248, 47, 372, 10,
                                   499, 45, 65, 141, 3,  29};
static const double n2[STUDIES] = {139,   303,  220,  12867, 5808, 1451, 629,
                                   88391, 7277, 1665, 27338, 2341, 17854};

static mtp_status fit_hypergeometric(mtp_arena *scratch, mtp_error *err)
{
    const mtp_two_groups groups = {STUDIES, x1, x2, n1, n2};
    mtp_two_group_fit fit;

    return mtp_glmm_fit_hypergeometric(&groups, 0, scratch, &fit, err);
}

static mtp_status fit_unconditional(bool random, int nodes, mtp_arena *scratch,
                                    mtp_error *err)
{
    const mtp_two_groups groups = {STUDIES, x1, x2, n1, n2};
    mtp_two_group_fit fit;

    return mtp_glmm_fit_unconditional(MTP_GLMM_BINOMIAL, &groups, random, nodes,
                                      scratch, &fit, err);
}

static mtp_status fit_fixed(mtp_arena *scratch, mtp_error *err)
{
    return fit_unconditional(false, 0, scratch, err);
}

static mtp_status fit_random(mtp_arena *scratch, mtp_error *err)
{
    return fit_unconditional(true, 0, scratch, err);
}

static mtp_status fit_random_laplace(mtp_arena *scratch, mtp_error *err)
{
    return fit_unconditional(true, 1, scratch, err);
}

static mtp_status fit_beta_binomial(mtp_arena *scratch, mtp_error *err)
{
    mtp_beta_binomial_fit fit;

    return mtp_beta_binomial_fit_one_group(STUDIES, x2, n2, scratch, &fit, err);
}

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static void time_fit(const char *name, mtp_status (*fit)(mtp_arena *, mtp_error *))
{
    mtp_arena *scratch = mtp_arena_new();
    double seconds[CALLS];
    mtp_error err = {0};

    for (int i = 0; i < CALLS; i++) {
        double start = cpu_seconds();

        if (!scratch || fit(scratch, &err) != MTP_OK) {
            fprintf(stderr, "metapool_bench_counts: %s\n", err.message);
            exit(EXIT_FAILURE);
        }
        seconds[i] = cpu_seconds() - start;
    }
    mtp_arena_free(scratch);
    qsort(seconds, CALLS, sizeof *seconds, by_size);
    printf("%s\t%.9f\n", name, seconds[CALLS / 2]);
}

int main(void)
{
    time_fit("BCG, OR by CM.EL, exact integral", fit_hypergeometric);
    time_fit("BCG, OR by UM.FS, exact integral", fit_fixed);
    time_fit("BCG, OR by UM.RS, exact integral", fit_random);
    time_fit("BCG, OR by UM.RS, Laplace", fit_random_laplace);
    time_fit("BCG, controls, beta-binomial", fit_beta_binomial);
    return EXIT_SUCCESS;
}
