/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_conditional.h"
#include "models/glmm_design_internal.h"
#include "support/test.h"
#include "unit/models/glmm_design_reference.h"
#include "unit/models/glmm_reference.h"

/* Mixed models with moderators and offset: against 50-digit arithmetic, against the
 * one-mean fit, and where no maximum exists. */

enum {
    DESIGNS = sizeof design_references / sizeof design_references[0],
    REFERENCES = sizeof references / sizeof references[0]
};

/* What a test gives back before it ends: the arena of its fits. */
typedef struct fitted {
    mtp_arena *arena;
    mtp_glmm_design_fit f;
} fitted;

static fitted fit(mtp_glmm_kind kind, size_t k, const double x[], const double m[],
                  const double offset[], size_t p, const double matrix[], int nodes)
{
    fitted made = {mtp_arena_new(), {0}};

    assert_non_null(made.arena);
    assert_int_equal(mtp_glmm_fit_design(kind, k, x, m, offset, p, matrix, nodes,
                                         made.arena, &made.f, NULL),
                     MTP_OK);
    return made;
}

static fitted fit_reference(const design_reference *r, int nodes)
{
    return fit(r->kind, r->k, r->x, r->m, r->offset, r->p, r->matrix, nodes);
}

/* The distance in units of what the design can tell apart: coefficients of columns far
 * from their origin move together. */
static void check_beta(const design_reference *r, const double *beta,
                       const double *vcov, const double *want_beta,
                       const double *want_vcov, double rtol)
{
    const double *want = want_vcov;

    for (size_t i = 0; i < r->p; i++) {
        double se = sqrt(want_vcov[i * (i + 1) / 2 + i]);

        assert_close(beta[i], want_beta[i], 1e-13, 1e-13 * se);
        for (size_t j = 0; j <= i; j++) {
            assert_true(vcov[i * r->p + j] == vcov[j * r->p + i]);
            assert_close(vcov[i * r->p + j], *want++, rtol, 0.0);
        }
    }
}

static void check_common(const design_reference *r, const mtp_glmm_design_fit *f)
{
    assert_true(f->common_exists);
    check_beta(r, f->common_beta, f->common_vcov, r->common.beta, r->common.vcov,
               1e-13);
    assert_close(f->common_loglik, r->common.loglik, TOL1, 0.0);
    assert_close(f->saturated_loglik, r->common.saturated, TOL1, 0.0);
    assert_close(f->LRT, r->common.LRT, TOL2, 0.0);
    assert_close(f->Q_wald, r->common.Q, TOL2, 0.0);
    assert_true(f->df == (double)(r->k - r->p));
}

static void check_fit(const design_reference *r, const design_reference_fit *want,
                      int nodes)
{
    fitted made = fit_reference(r, nodes);
    const mtp_glmm_design_fit *f = &made.f;

    assert_true(f->exists && f->converged && f->obstacle == MTP_GLMM_NONE);
    check_common(r, f);
    if (want->tau > 0.0) {
        check_beta(r, f->beta, f->vcov, want->beta, want->vcov, 1e-12);
        assert_close(f->tau, want->tau, 1e-13, 0.0);
        assert_close(f->tau2, want->tau * want->tau, 1e-13, 0.0);
        assert_close(f->se_tau, want->se_tau, 1e-12, 0.0);
        assert_close(f->loglik, want->loglik, TOL1, 0.0);
        assert_int_equal(f->n_modes, 1);
        assert_true(f->modes[0].estimate == f->beta[0] && f->modes[0].tau2 == f->tau2);
    } else { /* at the boundary the fit is that of the common model */
        assert_true(r->common.slope < 0.0 && f->tau == 0.0 && f->tau2 == 0.0);
        assert_true(isnan(f->se_tau) && f->loglik == f->common_loglik);
        check_beta(r, f->beta, f->vcov, r->common.beta, r->common.vcov, 1e-13);
    }
    mtp_arena_free(made.arena);
}

static void fits_agree_with_50_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < DESIGNS; i++) {
        check_fit(&design_references[i], &design_references[i].exact, 0);
        check_fit(&design_references[i], &design_references[i].seven, 7);
    }
}

/* A column of ones is the one-mean fit; its closed forms are not used. */
static void one_column_is_one_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        fitted made = fit(r->kind, r->k, r->x, r->m, NULL, 1, NULL, 0);
        bool hard = strcmp(r->name, "large_and_close") == 0;
        double rtol = hard                                   ? 1e-8
                      : strcmp(r->name, "near_the_boundary") ? 1e-12
                                                             : 1e-11;

        assert_true(made.f.exists && made.f.common_exists);
        assert_close(made.f.beta[0], r->exact.mu, 1e-13, 1e-13 * r->exact.se);
        assert_close(made.f.tau2, r->exact.tau2, rtol, 0.0);
        assert_close(sqrt(made.f.vcov[0]), r->exact.se, rtol, 0.0);
        assert_close(made.f.loglik, r->exact.loglik, hard ? 1e-11 : 1e-14, 0.0);
        assert_close(made.f.Q_wald, r->common.Q, 1e-12, 0.0);
        mtp_arena_free(made.arena);
    }
}

static const design_reference *named(const char *name)
{
    for (size_t i = 0; i < DESIGNS; i++) {
        if (strcmp(design_references[i].name, name) == 0) {
            return &design_references[i];
        }
    }
    fail_msg("no reference %s", name);
    return NULL;
}

/* Another order of the rows: the same bits. */
static void the_order_of_rows_changes_no_bit(void **state)
{
    const design_reference *r = named("mortality_by_entity");
    fitted straight = fit_reference(r, 0), turned;
    double x[DESIGN_STUDIES], m[DESIGN_STUDIES],
        matrix[DESIGN_STUDIES * DESIGN_COLUMNS];

    (void)state;
    for (size_t i = 0; i < r->k; i++) {
        size_t at = (i + 1) * 7 % (r->k + 1) - 1; /* 53 is prime: a permutation */

        x[i] = r->x[at];
        m[i] = r->m[at];
        memcpy(matrix + i * r->p, r->matrix + at * r->p, r->p * sizeof *matrix);
    }
    turned = fit(r->kind, r->k, x, m, NULL, r->p, matrix, 0);
    assert_memory_equal(turned.f.beta, straight.f.beta, r->p * sizeof *matrix);
    assert_memory_equal(turned.f.vcov, straight.f.vcov, r->p * r->p * sizeof *matrix);
    assert_true(turned.f.tau == straight.f.tau && turned.f.loglik == straight.f.loglik);
    assert_true(turned.f.Q_wald == straight.f.Q_wald);
    mtp_arena_free(turned.arena);
    mtp_arena_free(straight.arena);
}

/* Units and origins of a column move its coefficients and nothing else. */
static void columns_may_be_far_from_their_origin(void **state)
{
    const design_reference *r = named("adherence_by_care");
    fitted here = fit_reference(r, 0), there;
    double matrix[DESIGN_STUDIES * DESIGN_COLUMNS], moved = 0x1p30, unit = 0x1p-10;

    (void)state;
    memcpy(matrix, r->matrix, sizeof matrix);
    for (size_t i = 0; i < r->k; i++) {
        matrix[i * r->p + 1] = unit * rint(64.0 * matrix[i * r->p + 1]) + moved;
    }
    there = fit(r->kind, r->k, r->x, r->m, NULL, r->p, matrix, 0);
    for (size_t i = 0; i < r->k; i++) {
        matrix[i * r->p + 1] = (matrix[i * r->p + 1] - moved) / unit / 64.0;
    }
    mtp_arena_free(here.arena);
    here = fit(r->kind, r->k, r->x, r->m, NULL, r->p, matrix, 0);
    assert_close(there.f.tau2, here.f.tau2, 1e-12, 0.0);
    assert_close(there.f.loglik, here.f.loglik, 1e-14, 0.0);
    assert_close(there.f.beta[2], here.f.beta[2], 1e-12, 0.0);
    assert_close(there.f.beta[1] * unit * 64.0, here.f.beta[1], 1e-12, 0.0);
    assert_close(there.f.beta[0] + moved * there.f.beta[1], here.f.beta[0], 0.0,
                 1e-9 * fabs(there.f.beta[0]));
    mtp_arena_free(there.arena);
    mtp_arena_free(here.arena);
}

/* An offset that is a combination of the columns moves the coefficients by it. */
static void an_offset_in_the_columns(void **state)
{
    const design_reference *r = named("adherence_by_care");
    fitted without = fit_reference(r, 7), with;
    double offset[DESIGN_STUDIES];

    (void)state;
    for (size_t i = 0; i < r->k; i++) {
        offset[i] = 0.5 - 0.25 * r->matrix[i * r->p + 2];
    }
    with = fit(r->kind, r->k, r->x, r->m, offset, r->p, r->matrix, 7);
    assert_close(with.f.beta[0], without.f.beta[0] - 0.5, 1e-12, 0.0);
    assert_close(with.f.beta[1], without.f.beta[1], 1e-12, 0.0);
    assert_close(with.f.beta[2], without.f.beta[2] + 0.25, 1e-12, 0.0);
    assert_close(with.f.tau2, without.f.tau2, 1e-12, 0.0);
    assert_close(with.f.Q_wald, without.f.Q_wald, 1e-12, 0.0);
    assert_close(with.f.LRT, without.f.LRT, 1e-12, 0.0);
    mtp_arena_free(with.arena);
    mtp_arena_free(without.arena);
}

/* Along the direction no study's likelihood falls, and that of one climbs. */
static void check_direction(mtp_glmm_kind kind, size_t k, const double x[],
                            const double m[], const double matrix[],
                            const mtp_glmm_design_fit *f)
{
    bool climbs = false;

    for (size_t i = 0; i < k; i++) {
        double along =
            matrix[2 * i] * f->direction[0] + matrix[2 * i + 1] * f->direction[1];
        bool all = kind == MTP_GLMM_BINOMIAL && x[i] == m[i];

        assert_true(x[i] == 0.0 || along > -1e-9);
        assert_true(all || along < 1e-9);
        climbs = climbs || fabs(along) > 0.1;
    }
    assert_true(climbs);
    assert_true(fabs(f->direction[f->column]) == 1.0);
}

static void separation_is_named(void **state)
{
    static const double m[] = {10, 20, 10, 20, 30};
    static const struct {
        mtp_glmm_kind kind;
        double x[5], matrix[10];
        mtp_glmm_obstacle obstacle;
        size_t column, uninformative;
    } c[] = {
        /* no events at the second level, at the first, beyond a threshold */
        {MTP_GLMM_BINOMIAL,
         {2, 4, 0, 0, 0},
         {1, 0, 1, 0, 1, 1, 1, 1, 1, 1},
         MTP_GLMM_SEPARATED,
         1,
         3},
        {MTP_GLMM_BINOMIAL,
         {0, 0, 3, 5, 6},
         {1, 0, 1, 0, 1, 1, 1, 1, 1, 1},
         MTP_GLMM_SEPARATED,
         0,
         2},
        {MTP_GLMM_BINOMIAL,
         {0, 0, 10, 20, 30},
         {1, 1, 1, 2, 1, 3, 1, 4, 1, 5},
         MTP_GLMM_SEPARATED,
         1,
         5},
        {MTP_GLMM_POISSON,
         {2, 0, 4, 0, 0},
         {1, 0, 1, 1, 1, 0, 1, 1, 1, 1},
         MTP_GLMM_SEPARATED,
         1,
         3},
        {MTP_GLMM_POISSON,
         {0, 0, 0, 0, 0},
         {1, 0, 1, 1, 1, 0, 1, 1, 1, 1},
         MTP_GLMM_SEPARATED,
         0,
         5},
        /* events and their absence at both levels: tau alone has no maximum */
        {MTP_GLMM_BINOMIAL,
         {0, 20, 10, 0, 30},
         {1, 0, 1, 0, 1, 1, 1, 1, 1, 1},
         MTP_GLMM_TAU,
         0,
         5},
        {MTP_GLMM_BINOMIAL,
         {1, 2, 3, 4, 5},
         {1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
         MTP_GLMM_DEFICIENT,
         1,
         0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        for (int nodes = 0; nodes <= 7; nodes += 7) {
            fitted made = fit(c[i].kind, 5, c[i].x, m, NULL, 2, c[i].matrix, nodes);
            const mtp_glmm_design_fit *f = &made.f;

            assert_int_equal(f->obstacle, c[i].obstacle);
            assert_int_equal(f->column, c[i].column);
            assert_int_equal(f->uninformative, c[i].uninformative);
            assert_false(f->exists);
            assert_true(isnan(f->beta[0]) && isnan(f->tau2) && isnan(f->loglik));
            assert_int_equal(f->common_exists, c[i].obstacle == MTP_GLMM_TAU);
            assert_int_equal(isnan(f->common_beta[0]), c[i].obstacle != MTP_GLMM_TAU);
            if (c[i].obstacle == MTP_GLMM_SEPARATED) {
                check_direction(c[i].kind, 5, c[i].x, m, c[i].matrix, f);
            }
            mtp_arena_free(made.arena);
        }
    }
}

/* One mean for rates of 1e-4 and, 400 times as far out, for one event: the likelihood
 * of that event is e^-2000 at best. */
static void too_far_out(void **state)
{
    static const double x[] = {1, 11, 1, 6}, m[] = {77000, 61000, 28000, 45000};
    static const double matrix[] = {1, 1, 396, 1};
    fitted made = fit(MTP_GLMM_POISSON, 4, x, m, NULL, 1, matrix, 0);

    (void)state;
    assert_int_equal(made.f.obstacle, MTP_GLMM_EXTREME);
    assert_true(!made.f.exists && !made.f.common_exists && made.f.column == 0);
    assert_true(made.f.direction[0] == 0.0 && isnan(made.f.common_beta[0]));
    mtp_arena_free(made.arena);
}

/* Nearly separated is not separated: one event is enough. */
static void one_event_is_enough(void **state)
{
    static const double x[] = {2, 4, 0, 0, 1}, m[] = {10, 20, 10, 20, 30};
    static const double matrix[] = {1, 0, 1, 0, 1, 1, 1, 1, 1, 1};
    fitted made = fit(MTP_GLMM_BINOMIAL, 5, x, m, NULL, 2, matrix, 0);

    (void)state;
    assert_true(made.f.exists && made.f.tau2 == 0.0);
    assert_close(made.f.beta[0], log(6.0 / 24.0), 1e-14, 0.0);
    assert_close(made.f.beta[0] + made.f.beta[1], log(1.0 / 59.0), 1e-14, 0.0);
    assert_int_equal(made.f.uninformative, 2);
    mtp_arena_free(made.arena);
}

/* More columns than studies, as many, and studies that hold nothing. */
static void too_few_studies(void **state)
{
    static const double x[] = {1, 2, 3}, m[] = {10, 10, 10};
    static const double matrix[] = {1, 2, 7, 1, 5, 1, 1, 7, 2};
    static const double nothing_x[] = {3, 0}, nothing_m[] = {10, 0};
    fitted made = fit(MTP_GLMM_BINOMIAL, 2, x, m, NULL, 3, matrix, 0);

    (void)state;
    assert_true(made.f.obstacle == MTP_GLMM_DEFICIENT && made.f.column == 2);
    mtp_arena_free(made.arena);
    made = fit(MTP_GLMM_BINOMIAL, 3, x, m, NULL, 3, matrix, 0);
    assert_true(made.f.exists && made.f.tau2 == 0.0 && made.f.df == 0.0);
    for (size_t i = 0; i < 3; i++) {
        const double *row = matrix + 3 * i, *b = made.f.beta;

        assert_close(row[0] * b[0] + row[1] * b[1] + row[2] * b[2],
                     log(x[i] / (m[i] - x[i])), 1e-13, 0.0);
    }
    assert_close(made.f.LRT, 0.0, 0.0, 1e-14);
    mtp_arena_free(made.arena);
    made = fit(MTP_GLMM_BINOMIAL, 2, nothing_x, nothing_m, NULL, 1, NULL, 0);
    assert_true(made.f.exists && made.f.Q_wald == 0.0 && made.f.uninformative == 1);
    assert_close(made.f.beta[0], log(3.0 / 7.0), 1e-14, 0.0);
    mtp_arena_free(made.arena);
}

/* Counts of two groups given their sum; a study without events is out, and said. */
static void conditional_counts(void **state)
{
    static const double x1[] = {4, 0, 2, 7}, x2[] = {6, 0, 0, 5};
    static const double m1[] = {100, 50, 80, 60}, m2[] = {100, 50, 40, 90};
    const mtp_two_groups groups = {4, x1, x2, m1, m2};
    mtp_arena *arena = mtp_arena_new();
    mtp_glmm_conditional given;
    mtp_two_group_fit f;
    fitted direct;

    (void)state;
    assert_int_equal(mtp_glmm_conditional_make(&groups, arena, &given, NULL), MTP_OK);
    assert_true(given.k == 3 && given.n_empty == 1 && given.empty_study[0] == 1);
    assert_true(given.study[1] == 2 && given.x[1] == 2.0 && given.m[1] == 2.0);
    assert_true(given.offset[0] == 0.0);
    assert_close(given.offset[1], log(2.0), TOL0, 0.0);
    assert_close(given.offset[2], log(60.0 / 90.0), TOL0, 0.0);
    direct = fit(MTP_GLMM_BINOMIAL, 3, given.x, given.m, given.offset, 1, NULL, 0);
    assert_int_equal(mtp_glmm_fit_conditional(&groups, 0, arena, &f, NULL), MTP_OK);
    assert_true(f.exists && f.common_exists && f.uninformative == 1 && f.df == 2.0);
    assert_true(f.uninformative_Q == 2 && f.observations == 3.0);
    assert_true(f.theta == direct.f.beta[0] && f.tau2 == direct.f.tau2 &&
                f.LRT == direct.f.LRT && f.common == direct.f.common_beta[0]);
    mtp_arena_free(direct.arena);
    mtp_arena_free(arena);
}

static void no_events_at_all(void **state)
{
    static const double none[] = {0, 0}, some[] = {3, 1}, m[] = {10, 20};
    const mtp_two_groups empty = {2, none, none, m, m}, one = {2, some, none, m, m};
    mtp_arena *arena = mtp_arena_new();
    mtp_two_group_fit f;

    (void)state;
    assert_int_equal(mtp_glmm_fit_conditional(&empty, 0, arena, &f, NULL), MTP_OK);
    assert_true(!f.exists && !f.common_exists && f.uninformative == 2);
    assert_int_equal(mtp_glmm_fit_conditional(&one, 0, arena, &f, NULL), MTP_OK);
    assert_true(!f.exists && !f.common_exists && f.uninformative == 0);
    assert_true(isnan(f.theta) && isnan(f.common));
    mtp_arena_free(arena);
}

/* Every allocation fails once: an error each time, and no leak. */
static void memory_runs_out(void **state)
{
    const design_reference *r = named("vaccine_by_latitude");
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_arena *arena = mtp_arena_new();
        mtp_glmm_design_fit f;

        mtp_arena_fail_after(n);
        status = mtp_glmm_fit_design(r->kind, r->k, r->x, r->m, r->offset, r->p,
                                     r->matrix, 7, arena, &f, NULL);
        mtp_arena_fail_after(0);
        mtp_arena_free(arena);
        assert_true(n < 1000);
    }
    assert_int_equal(status, MTP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_agree_with_50_digits),
        cmocka_unit_test(one_column_is_one_mean),
        cmocka_unit_test(the_order_of_rows_changes_no_bit),
        cmocka_unit_test(columns_may_be_far_from_their_origin),
        cmocka_unit_test(an_offset_in_the_columns),
        cmocka_unit_test(separation_is_named),
        cmocka_unit_test(too_far_out),
        cmocka_unit_test(one_event_is_enough),
        cmocka_unit_test(too_few_studies),
        cmocka_unit_test(conditional_counts),
        cmocka_unit_test(no_events_at_all),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
