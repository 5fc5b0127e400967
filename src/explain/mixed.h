/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_MIXED_H
#define MTP_EXPLAIN_MIXED_H

#include "explain/work.h"

/**
 * Mixed models of counts. Their estimates are found by search; what a person can check
 * is shown: each study's likelihood as a sum over values of its random effect, the
 * log-likelihood, that its derivatives are 0, and the standard error from its second
 * derivatives.
 */
enum {
    MTP_LAW_TABLES = 2,
    MTP_LAW_COLUMNS = 20,
    MTP_LAW_LINES = 16,
    MTP_LAW_MODE = 16,
    MTP_MIXED_DATA = 13, /* counts, then moderators or levels */
    MTP_MIXED_CELLS = 4,
    MTP_NODES_MAX = 4000
};

typedef struct mtp_law_line {
    const char *name, *formula;
} mtp_law_line;

/** A sum over values of something: columns over the values, and what their sums make.
 *  Lists end with an entry that has neither name nor formula. A column with a name
 *  alone has its values from the scope: `over`, one of the table before, or a line of
 *  an inner law at each value. */
typedef struct mtp_law {
    const char *over;                       /* the column of the values */
    mtp_law_line before[MTP_LAW_LINES + 1]; /* lines that do not depend on them */
    mtp_solution_column table[MTP_LAW_TABLES][MTP_LAW_COLUMNS + 1];
    mtp_law_line line[MTP_LAW_LINES + 1];
    /* where the integrand is highest, at z_0 (v_0): lines that end with R_0, which is
     * z_0 there, and s_0, its width */
    mtp_law_line mode[MTP_LAW_MODE + 1];
} mtp_law;

/** A Gauss-Hermite rule: q_i = w_i exp(node_i^2). */
typedef struct mtp_mixed_rule {
    size_t n;
    const double *node, *weight, *q; /* [n] */
} mtp_mixed_rule;

/* What every model of one mean and tau has: with the score r_i and u_i, its square less
 * its variance, the derivatives of the logarithm of sum(f_i). */
/* clang-format off */
#define MTP_MIXED_FIRST_SUMS                                                           \
    {.formula = "f_i * r_i", .total = true},                                           \
    {.formula = "f_i * r_i * z_i", .total = true}
#define MTP_MIXED_SECOND_SUMS                                                          \
    {.formula = "f_i * u_i", .total = true},                                           \
    {.formula = "f_i * u_i * z_i", .total = true},                                     \
    {.formula = "f_i * u_i * z_i^2", .total = true}
#define MTP_MIXED_FIRST_LINES                                                          \
    {"ell", "ln(delta * sum(f_i))"},                                                   \
    {"g", "sum(f_i * r_i) / sum(f_i)"},                                                \
    {"h", "sum(f_i * r_i * z_i) / sum(f_i)"}
#define MTP_MIXED_SECOND_LINES                                                         \
    {"A", "sum(f_i * u_i) / sum(f_i) - g^2"},                                          \
    {"B", "sum(f_i * u_i * z_i) / sum(f_i) - g * h"},                                  \
    {"C", "sum(f_i * u_i * z_i^2) / sum(f_i) - h^2"}
/* clang-format on */
#define MTP_MIXED_SE "sqrt(-sum(C_i) / (sum(A_i) * sum(C_i) - sum(B_i)^2))"

typedef struct mtp_mixed mtp_mixed;

/** A column over whole numbers from `low` on. */
typedef struct mtp_mixed_memo {
    double low;
    const double *value, *error;
} mtp_mixed_memo;

/** A study's log-likelihood at its random effect z with the log of its density, but for
 *  a constant; concave in z. */
typedef double mtp_mixed_log(const mtp_mixed *m, size_t i, double z);

/** The values of an inner sum at z, and their step. */
typedef size_t mtp_mixed_inner(const mtp_mixed *m, size_t i, double z, double *step,
                               double value[MTP_NODES_MAX]);

struct mtp_mixed {
    mtp_explain_work *work;
    mtp_solution *s;
    mtp_explain_set *set;
    const mtp_heterogeneity *h; /* what the analysis has of the model */
    const mtp_fit *fit;
    bool rates;
    /* studies that carry something into the likelihood */
    size_t k;
    const size_t *at; /* [k] of them in the set */
    const char *const *label;
    const char *count; /* what formulas call k */
    /* what formulas call the data of a study, and as columns, [k]: its counts first */
    size_t counts;
    const char *name[MTP_MIXED_DATA], *column[MTP_MIXED_DATA];
    double *datum[MTP_MIXED_DATA];
    double mu, tau, alpha, sigma;
    const struct mtp_mixed_random *random; /* um.rs; else NULL */
    /* moderators: p columns of data after the counts, and each study's own mean, [k];
     * p is 0 where the studies have one mean, `mu` */
    size_t p;
    const double *mean;
    /* the likelihood; its lines are the logarithm of a study's, its slopes, and second
     * derivatives */
    const char *intro, *parameters;
    const mtp_law *law, *inner; /* inner NULL: none */
    const mtp_mixed_rule *rule; /* --nodes; NULL: the exact integral */
    const mtp_law *rule_law;    /* by it, where it does not follow from `law` */
    bool pair;                  /* `rule_law` is over two effects, with v_0 too */
    mtp_mixed_log *log_inner;   /* over v where m->mu is the effect at z, for v_0 */
    size_t slopes;
    const char *se; /* from the second derivatives; NULL: not worked */
    void (*errors)(const mtp_mixed *m); /* in place of `se` */
    void (*level)(const mtp_mixed *m);  /* what is told after `tau2`, or NULL */
    void (*also)(const mtp_mixed *m);   /* and of the maximum, or NULL */
    mtp_mixed_log *log_density;
    double (*shift)(const mtp_mixed *m, size_t i); /* what is added to ell; or NULL */
    mtp_mixed_inner *inner_values;
    const char *step; /* of the inner values; NULL: they have none */
    /* a column of the inner law that does not depend on z, made once for a study: its
     * values from `low` on; NULL: there is none */
    const mtp_solution_column *fixed;
    struct mtp_mixed_memo *memo;
    /* tau2 = 0: squares of scores, and their variances; NULL: not worked */
    const char *squares, *variances;
    /* the tests: a study's own estimate and its weight; counts, and what the common
     * model expects, which takes the column `fitted` of the scope. NULL: not worked */
    const char *own, *weight;
    const char *cell[MTP_MIXED_CELLS], *expected[MTP_MIXED_CELLS], *fitted;
    const char *spread; /* a second such column, of `variances` */
    void (*tests)(
        const mtp_mixed *m); /* in place of these; Q and LRT are known after */
};

/** mixed_grid.c: where `log_of` is highest; a round step for a sum over z, and its
 * values: from where `log_of` begins to count to where it ends. `poles` is how far from
 * the line the integrand has its first ones. */
double mtp_mixed_highest(mtp_mixed_log *log_of, const mtp_mixed *m, size_t i);
size_t mtp_mixed_grid(mtp_mixed_log *log_of, const mtp_mixed *m, size_t i, double poles,
                      double *step, double z[MTP_NODES_MAX]);

/** Lines before, shown or not; then the sum over values, shown or into `line`. */
void mtp_law_begin(mtp_solution *s, const mtp_law *law, bool shown);
void mtp_law_show(mtp_solution *s, const mtp_law *law, size_t n, const double value[]);
bool mtp_law_evaluate(mtp_solution *s, const mtp_law *law, size_t n,
                      const double value[], mtp_figure line[MTP_LAW_LINES]);
/** Values of a column's formula into the scope, without a table. */
bool mtp_law_fill(mtp_solution *s, size_t n, const mtp_solution_column *column);
size_t mtp_law_lines(const mtp_law *law);

/** The sum of one study, shown in full or into `line`. */
bool mtp_mixed_study(const mtp_mixed *m, size_t i, bool shown,
                     mtp_figure line[MTP_LAW_LINES]);

/** The same by nodes (mixed_hermite.c); the rule into m->rule, if there is to be one;
 *  and its table, unless it was shown. */
bool mtp_mixed_hermite(const mtp_mixed *m, size_t i, bool shown,
                       mtp_figure line[MTP_LAW_LINES]);
bool mtp_mixed_rule_make(mtp_mixed *m);
void mtp_mixed_rule_show(const mtp_mixed *m);

/** mixed_nodes.c: a tree's value in the scope; a number that is given, or only known.
 */
mtp_figure mtp_law_value(mtp_solution *s, const char *formula);
void mtp_law_give(mtp_solution *s, const char *name, double value, bool shown);
/** The law with the study's shift, if it has one. */
const mtp_law *mtp_mixed_shifted(const mtp_mixed *m, size_t i, const mtp_law *law,
                                 bool shown);
/** The inner law at z, shown or into `line`; as columns over values of z; and shown at
 *  that which counts most. */
bool mtp_mixed_inner_lines(const mtp_mixed *m, size_t i, double z, double room[],
                           bool shown, mtp_figure line[MTP_LAW_LINES]);
bool mtp_mixed_inner_columns(const mtp_mixed *m, size_t i, size_t n, const double z[]);
void mtp_mixed_inner_show(const mtp_mixed *m, size_t i, size_t n, const double z[]);

/** What the data of a study are called, shown or not. */
void mtp_mixed_give(const mtp_mixed *m, size_t i, bool shown);

/** mixed_data.c: the counts of the studies that `carries` (NULL: all do) says carry
 *  something into the likelihood, from roles in the order of the names; false without
 *  memory. */
bool mtp_mixed_read(mtp_mixed *m, const mtp_role role[],
                    bool (*carries)(const mtp_mixed *m, const double datum[]));
/** The same of two groups: x1, n1 (t1), x2, n2 (t2). */
bool mtp_mixed_read_groups(mtp_mixed *m,
                           bool (*carries)(const mtp_mixed *m, const double datum[]));
/** The columns of the counts. @return how many */
size_t mtp_mixed_columns(const mtp_mixed *m, mtp_solution_column column[]);
/** The columns of what the common model expects, from the scope. @return how many */
size_t mtp_mixed_fitted(const mtp_mixed *m, mtp_solution_column column[]);
/** Whether study i is to be worked in full. */
bool mtp_mixed_is_worked(const mtp_mixed *m, size_t i);
/** mixed_likelihood.c: the sum is 0 but for rounding; if not, that is said. */
bool mtp_mixed_is_zero(const mtp_mixed *m, const char *what, const double x[],
                       const double error[]);
/** mixed_fit.c: the section of the common effect after its estimate: interval, back,
 * and with `ell`, a study's log-likelihood, that of all. */
void mtp_mixed_common(mtp_mixed *m, const char *ell);
/** Both sections of a model of two groups; `find` (or NULL) adds to the data what was
 *  found by search. */
void mtp_mixed_two_groups(mtp_mixed *m, void (*common)(mtp_mixed *m),
                          bool (*find)(mtp_mixed *m));
/** mixed_likelihood.c: what is worked of the likelihood of the estimates, if anything:
 * at tau2 = 0 its derivative in tau2; else each study's, their sum, and that its
 * derivatives are 0.
 *  @return whether the latter */
bool mtp_mixed_likelihood(const mtp_mixed *m);
/** Each study's likelihood, their sum by `name`, that its derivatives are 0, and the
 *  second ones. */
void mtp_mixed_maximum(const mtp_mixed *m, const char *name, double figure);
/** That a variance of 0, `what`, is where the likelihood falls from, by `squares` and
 *  `variances`. */
void mtp_mixed_boundary(const mtp_mixed *m, const char *what);
/** The test of tau2 = 0, if ll_c is known. */
void mtp_mixed_test_tau2(const mtp_mixed *m);
/** The section of the mixed model. */
void mtp_mixed_fit(mtp_mixed *m);

/** Twice what a model gains in log-likelihood; given where the difference leaves too
 * few digits. */
void mtp_mixed_gain(mtp_solution *s, const char *name, const char *formula,
                    double statistic);

/** mixed_tests.c: Q, LRT, I2 and H2. */
void mtp_mixed_tests(const mtp_mixed *m);
/** The likelihood ratio alone. */
void mtp_mixed_LRT(const mtp_mixed *m);

/** mixed.c: the model of counts of one group, without its data. */
void mtp_mixed_one_group(mtp_mixed *m);

/** beta_binomial.c: the section of the beta-binomial model. */
void mtp_explain_beta_binomial(mtp_mixed *m);

/** mixed_fixed.c, mixed_random.c, mixed_conditional.c, mixed_exact.c: models of two
 * groups. */
void mtp_explain_mixed_fixed(mtp_mixed *m);
void mtp_explain_mixed_conditional(mtp_mixed *m);
void mtp_explain_mixed_exact(mtp_mixed *m);
void mtp_explain_mixed_random(mtp_mixed *m);

#endif
