/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ready-made effects, pooled by inverse variance. */
#include "support/sample_parts.h"

/* BCG trials: Colditz et al. (1994), doi:10.1001/jama.1994.03510330076038, as in
 * metadat's dat.bcg; log risk ratios and variances from the counts, mpmath at 50
 * digits.
 */
static const struct {
    const char *name;
    double yi, vi;
} trials[] = {{"Aronson 1948", -0.88931133392020567, 0.32558476500396133},
              {"Ferguson & Simes 1949", -1.5853886572014306, 0.19458112139814387},
              {"Rosenthal et al 1960", -1.3480731482996928, 0.41536796536796539},
              {"Hart & Sutherland 1977", -1.4415511900213054, 0.020010031902247573},
              {"Frimodt-Moller et al 1973", -0.21754732221129569, 0.051210172169630863},
              {"Stein & Aronson 1953", -0.78611558581886409, 0.0069056184559087574},
              {"Vandiviere et al 1973", -1.6208982235983924, 0.22301724757231517},
              {"TPT Madras 1980", 0.01195233352384116, 0.0039615792978177303},
              {"Coetzee & Berjak 1968", -0.46941764873814867, 0.056434210463248959},
              {"Rosenthal et al 1961", -1.3713448034727844, 0.07302479361302891},
              {"Comstock et al 1974", -0.33935882833839026, 0.01241221397155972},
              {"Comstock & Webster 1969", 0.44591340057137846, 0.53250584520015276},
              {"Comstock et al 1976", -0.017313948216879593, 0.071404659683986293}};
enum { N_TRIALS = sizeof trials / sizeof *trials };

/* Fits of the trials in mpmath at 50 digits: common effect, Q, REML, Q-profile. */
static const double bcg_common = -0.43028516365409072,
                    bcg_common_se = 0.040498751710863945,
                    bcg_common_z = -10.624652501046507,
                    bcg_common_p = 2.2886293069733710e-26,
                    bcg_common_log_p = -59.039259335391965;
static const double bcg_Q = 152.23300808237341, bcg_Q_p = 1.9967645908458574e-26,
                    bcg_Q_log_p = -59.175684251759238, bcg_vt = 0.026421191451388633,
                    bcg_I2_Q = 92.117346854562061;
static const double bcg_random = -0.71453234215813923, bcg_se = 0.17978151610520575,
                    bcg_hksj_se = 0.18079174409290751, bcg_tau2 = 0.31324325813648094,
                    bcg_tau2_se = 0.16642575283697091, bcg_loglik = -12.202371415493574,
                    bcg_hksj_t = -3.9522398865252481,
                    bcg_hksj_p = 0.0019200150960572998,
                    bcg_hksj_log_p = -6.2554222304473528, bcg_z = -3.9744483061317850,
                    bcg_p = 7.0542581016416827e-05, bcg_log_p = -9.5592940437744204;
static const double bcg_tau2_limit[2] = {0.11971836114126096, 1.1114790840609290};
static const double t12 = 2.1788128296672289; /* mpmath */

static double identity(double y)
{
    return y;
}

static void set_weights(sample *s, mtp_arena *arena)
{
    double *common = sample_zalloc(arena, N_TRIALS, sizeof *common);
    double *random = sample_zalloc(arena, N_TRIALS, sizeof *random);
    double sum_common = 0.0, sum_random = 0.0;

    for (size_t i = 0; i < N_TRIALS; i++) {
        sum_common += 1.0 / trials[i].vi;
        sum_random += 1.0 / (trials[i].vi + bcg_tau2);
    }
    for (size_t i = 0; i < N_TRIALS; i++) {
        common[i] = 100.0 / trials[i].vi / sum_common;
        random[i] = 100.0 / (trials[i].vi + bcg_tau2) / sum_random;
        s->studies[i].weight_common = common[i];
        s->studies[i].weight_random = random[i];
    }
    s->pool.weight_common = common;
    s->pool.weight_random = random;
}

static mtp_heterogeneity bcg_heterogeneity(void)
{
    mtp_heterogeneity h = sample_no_heterogeneity();

    h.Q = bcg_Q;
    h.df = N_TRIALS - 1.0;
    h.p = bcg_Q_p;
    h.log_p = bcg_Q_log_p;
    h.Q_center = "common";
    h.tau2 = bcg_tau2;
    h.tau2_se = bcg_tau2_se;
    h.tau = sqrt(bcg_tau2);
    h.vt = bcg_vt;
    h.I2 = 100.0 * bcg_tau2 / (bcg_tau2 + bcg_vt);
    h.H2 = 1.0 + bcg_tau2 / bcg_vt;
    h.I2_Q = bcg_I2_Q;
    h.ci.status = MTP_SET_OK;
    for (int i = 0; i < 2; i++) {
        h.ci.tau2[i] = bcg_tau2_limit[i];
        h.ci.tau[i] = sqrt(bcg_tau2_limit[i]);
        h.ci.I2[i] = 100.0 * bcg_tau2_limit[i] / (bcg_tau2_limit[i] + bcg_vt);
        h.ci.H2[i] = 1.0 + bcg_tau2_limit[i] / bcg_vt;
    }
    h.intervals[0] = h.ci;
    return h;
}

static mtp_interval with_test(mtp_interval ci, double statistic, double p, double log_p)
{
    ci.statistic = statistic;
    ci.p = p;
    ci.log_p = log_p;
    return ci;
}

static mtp_pooled bcg_pooled(void)
{
    mtp_pooled p = {.k = N_TRIALS,
                    .events = SAMPLE_NONE,
                    .n = SAMPLE_NONE,
                    .time = SAMPLE_NONE,
                    .exists = true,
                    .heterogeneity = bcg_heterogeneity(),
                    .fit = {.method = MTP_METHOD_INVERSE,
                            .sigma2 = SAMPLE_NONE,
                            .tau2_method = MTP_TAU2_REML,
                            .model = "normal-normal",
                            .nodes = -1,
                            .converged = true,
                            .iterations = 12,
                            .n_modes = 1,
                            .modes = {{bcg_tau2, bcg_loglik, bcg_random}},
                            .loglik = bcg_loglik,
                            .loglik_kind = "REML",
                            .AIC = 4.0 - 2.0 * bcg_loglik,
                            .AICc = 4.0 * 12.0 / 9.0 - 2.0 * bcg_loglik,
                            .BIC = 2.0 * log(12.0) - 2.0 * bcg_loglik}};
    mtp_estimate *common = &p.common, *random = &p.random;

    common->estimate = bcg_common;
    common->null_value = random->null_value = 0.0;
    common->ci = with_test(
        sample_wald(bcg_common, bcg_common_se, SAMPLE_Z, MTP_CI_WALD, SAMPLE_NONE),
        bcg_common_z, bcg_common_p, bcg_common_log_p);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE,
                                  SAMPLE_NONE};
    sample_set_back(common, identity);
    random->estimate = bcg_random;
    random->ci = with_test(sample_wald(bcg_random, bcg_hksj_se, t12, MTP_CI_HKSJ, 12.0),
                           bcg_hksj_t, bcg_hksj_p, bcg_hksj_log_p);
    random->n_intervals = 2;
    random->intervals[0] =
        with_test(sample_wald(bcg_random, bcg_se, SAMPLE_Z, MTP_CI_WALD, SAMPLE_NONE),
                  bcg_z, bcg_p, bcg_log_p);
    random->intervals[1] = random->ci;
    random->pi =
        sample_predict(bcg_random, bcg_hksj_se, bcg_tau2, t12, MTP_PI_HK, 12.0);
    random->n_predictions = 1;
    random->predictions[0] = random->pi;
    sample_set_back(random, identity);
    return p;
}

sample *sample_inverse(mtp_arena *arena)
{
    static const mtp_effective_option options[] = {
        SAMPLE_WORD("yi", "yi"),       SAMPLE_WORD("vi", "vi"),
        SAMPLE_WORD("measure", "GEN"), SAMPLE_WORD("method", "inverse"),
        SAMPLE_WORD("tau2", "REML"),   SAMPLE_WORD("ci", "hksj"),
        SAMPLE_WORD("predict", "hk"),  SAMPLE_NUMBER("null", "0"),
        SAMPLE_NUMBER("level", "95")};
    static const mtp_excluded excluded[] = {
        {.row = 14,
         .line = 15,
         .study = "Trial without result",
         .code = "missing",
         .reason = "vi is missing"},
        {.row = 15, .line = 16, .code = "missing", .reason = "yi is missing"}};
    const mtp_test none =
        sample_chi_square(SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE);
    const char *name[N_TRIALS];
    sample *s = sample_new(arena, MTP_COMMAND_POOL, "bcg.csv", 16, NULL, 0);

    for (size_t i = 0; i < N_TRIALS; i++) {
        name[i] = trials[i].name;
    }
    sample_add_studies(s, arena, name, NULL, NULL, N_TRIALS);
    for (size_t i = 0; i < N_TRIALS; i++) {
        sample_set_effect(&s->studies[i], trials[i].yi, trials[i].vi, identity);
    }
    s->bundle.ledger.used = N_TRIALS;
    s->bundle.ledger.filtered = 1;
    s->bundle.ledger.n_excluded = 2;
    s->bundle.ledger.excluded = excluded;
    s->bundle.measure = mtp_measure_get(MTP_GEN);
    s->pool = (mtp_pool_result){
        .options = sample_pool_options(MTP_METHOD_INVERSE, MTP_TAU2_REML),
        .measure = s->bundle.measure,
        .k = N_TRIALS,
        .overall = bcg_pooled(),
        .between = {none, none, none}};
    s->pool.options.ci = MTP_CI_HKSJ;
    s->pool.options.null_value = 0.0;
    set_weights(s, arena);
    s->bundle.pool = &s->pool;
    sample_set_options(s, options, sizeof options / sizeof *options);
    return s;
}
