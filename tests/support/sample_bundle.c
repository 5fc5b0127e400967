/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/sample_bundle.h"

#include "support/test.h"

#include <math.h>

#define NONE ((double)NAN)

/* 97.5 % point of the normal distribution: R 4.2.2, qnorm(0.975). */
static const double z975 = 1.959963984540054;

/* --- the data --------------------------------------------------------------------- */

/* Cohorts of Cordas dos Santos et al. (2024), doi:10.1038/s41591-024-03084-6. */
typedef struct cohort {
    const char *name, *entity;
    double deaths, patients;
} cohort;

static const cohort cohorts[] = {
    {"Abramson 2020", "LBCL", 7, 269},
    {"Akthar 2023", "MM", 7, 139},
    {"Berning 2024", "LBCL", 30, 172},
    {"Bethge 2022 A", "LBCL", 15, 183},
    {"Bethge 2022 B", "LBCL", 6, 173},
    {"Bishop 2022", "LBCL", 9, 155},
    {"Caillot 2024", "MM", 1, 24},
    {"Chiappella 2024", "LBCL", 6, 260},
    {"Chong 2024", "MCL", 4, 17},
    {"De Philippis 2024", "LBCL", 0, 43},
    {"Dores 2021", "LBCL", 8, 197},
    {"Dreyling 2024", "IL", 5, 97},
    {"Ferreri Hansen 2023 A", "MM", 4, 50},
    {"Ferreri Hansen 2023 B", "MM", 8, 153},
    {"Fischer 2024", "MM", 1, 27},
    {"Grana 2021", "LBCL", 3, 37},
    {"Hamilton 2024 A", "LBCL", 13, 191},
    {"Hamilton 2024 B", "IL", 1, 20},
    {"Houot 2023", "LBCL", 7, 62},
    {"Iacoboni 2022", "MCL", 5, 33},
    {"Iovino 2022", "LBCL", 3, 60},
    {"Jacobson 2022 A", "IL", 9, 148},
    {"Jacobson 2022 B", "LBCL", 141, 1297},
    {"Kamdar 2022", "LBCL", 5, 92},
    {"Kato 2023", "LBCL", 0, 16},
    {"Kuhnl 2022 A", "LBCL", 2, 76},
    {"Kuhnl 2022 B", "LBCL", 19, 224},
    {"Kwon 2023 A", "LBCL", 9, 152},
    {"Kwon 2023 B", "LBCL", 5, 155},
    {"Lemoine 2023", "LBCL", 48, 957},
    {"Lin 2023", "MM", 2, 62},
    {"Martin 2023", "MM", 16, 97},
    {"Mi 2022", "MM", 9, 48},
    {"Munshi 2021", "MM", 9, 128},
    {"Nastoupil 2020", "LBCL", 12, 275},
    {"Neelapu 2022", "LBCL", 2, 40},
    {"Neelapu 2023", "LBCL", 13, 101},
    {"Rejeski 2022 A", "LBCL", 2, 17},
    {"Rejeski 2022 B", "LBCL", 1, 35},
    {"Rejeski 2023 A", "MM", 3, 57},
    {"Rejeski 2023 B", "MM", 1, 7},
    {"Rejeski 2023 C", "MCL", 4, 54},
    {"Riedell 2022 B", "LBCL", 7, 92},
    {"Rodriguez-Otero 2023", "MM", 18, 225},
    {"San Miguel 2023", "MM", 24, 176},
    {"Sehgal 2022", "LBCL", 4, 61},
    {"Spanjaart 2023", "LBCL", 11, 145},
    {"Trando 2023", "LBCL", 8, 66},
    {"Wang 2023 A", "MCL", 5, 68},
    {"Wang 2023 B", "MCL", 18, 168},
    {"Westin 2023", "LBCL", 23, 170},
    {"Wudhikarn 2023", "LBCL", 1, 33},
};
enum { N_COHORTS = sizeof cohorts / sizeof *cohorts };

/* What pooling one set of cohorts gives. */
typedef struct figures {
    const char *level;
    size_t k;
    double events, n;
    double common, common_se;       /* logit */
    double random, random_se, tau2; /* 7-point adaptive Gauss-Hermite quadrature */
    double loglik, common_loglik;
    double Q, Q_p, Q_log_p; /* Wald test */
    double LRT, LRT_p;
    double tau2_p;
    double vt; /* typical variance of the corrected effects */
    double t;  /* 97.5 % point of t with k - 1 degrees of freedom */
} figures;

/* Sources: estimates, log-likelihoods and LRT: mpmath at 50 digits; Q, its p and vt:
 * metafor 5.1-12, rma.glmm(measure = "PLO", nAGQ = 7) (vt from its H^2; IL and MCL:
 * mpmath); t: mpmath at 40 digits; tau2_p: mpmath, erfc(sqrt(x / 2)) / 2 of x = 2
 * (loglik - common_loglik). Published: overall 0.06822, 0.05778 to 0.08038. */
static const figures pooled[] = {
    {"all", 52, 574, 7604, -2.5053125884851442, 0.04340976606034877,
     -2.6143441530377734, 0.09041623123471936, 0.22519771158015285, -140.1779651280931,
     -172.37921197721824, 143.49281495865276, 9.896776325812138e-11,
     -23.036226942476192, 163.81382667592140, 9.255826115056239e-14,
     5.0714849027112408e-16, 0.10673758027647581, 2.0075837703158360},
    {"IL", 3, 15, 265, -2.8134107167600364, 0.26583202716502515, -2.8134107167600364,
     0.26583202716502515, 0.0, -4.7403054914722275, -4.7403054914722275,
     0.11158553604019092, 0.94573510214213992, -0.05579276802009546,
     0.11274331458770170, 0.94518778466958754, 1.0, 0.26881254048681676,
     4.3026527297494639},
    {"LBCL", 31, 420, 5806, -2.5513035620941302, 0.05066180931922848,
     -2.7323966142898080, 0.11981333279715410, 0.25182029785828375, -87.170076833482120,
     -116.79749905400810, 104.27143675802928, 3.8827510750154968e-10,
     -21.669306987602897, 123.46500949883186, 2.6660674357252362e-13,
     6.9259454505701861e-15, 0.09118234763760408, 2.0422724563012382},
    {"MCL", 5, 36, 340, -2.1335087629501117, 0.17625904646850982, -2.1335087629501117,
     0.17625904646850982, 0.0, -10.990579876777353, -10.990579876777353,
     4.7413602448599280, 0.31487939651261994, -1.1555655816831569, 4.4456906557299230,
     0.34903582336707841, 1.0, 0.18526264906846590, 2.7764451051977944},
    {"MM", 13, 103, 1193, -2.3592039869935536, 0.10308331124259746, -2.4398757618857088,
     0.17664369060512624, 0.18504528080645772, -32.658942896362764, -35.713191485934270,
     26.764006619166840, 0.0083546559604577634, -4.7849362954656964, 27.515111068719364,
     0.0065095527533752020, 0.0067266736844377184, 0.15108945167269083,
     2.1788128296672289},
};
enum { N_ENTITIES = sizeof pooled / sizeof *pooled - 1 };

/* --- formulas of the textbook, for figures that follow from the above ------------- */

static double inverse_logit(double y)
{
    return 1.0 / (1.0 + exp(-y));
}

static void set_wilson(double x, double n, double *lower, double *upper)
{
    double z2 = z975 * z975, centre = (x + z2 / 2.0) / (n + z2);
    double half = z975 / (n + z2) * sqrt(x * (n - x) / n + z2 / 4.0);

    *lower = x > 0.0 ? centre - half : 0.0; /* 0 but for rounding */
    *upper = centre + half;
}

static mtp_test chi_square(double statistic, double df, double p, double log_p)
{
    return (mtp_test){statistic, false, df, NONE, p, log_p};
}

static mtp_interval wald(double estimate, double se, double quantile,
                         mtp_ci_method method, double df)
{
    return (mtp_interval){.method = method,
                          .se = se,
                          .df = df,
                          .statistic = NONE,
                          .p = NONE,
                          .log_p = NONE,
                          .lower = estimate - quantile * se,
                          .upper = estimate + quantile * se,
                          .estimate = estimate};
}

static mtp_prediction predict(double estimate, double se, double tau2, double quantile,
                              mtp_pi_method method, double df)
{
    double s = sqrt(tau2 + se * se);

    return (mtp_prediction){method, s, df, estimate - quantile * s,
                            estimate + quantile * s};
}

static void set_back(mtp_estimate *e, double (*back)(double))
{
    e->back.estimate = back(e->estimate);
    e->back.ci_lower = back(e->ci.lower);
    e->back.ci_upper = back(e->ci.upper);
    e->back.pi_lower = back(e->pi.lower);
    e->back.pi_upper = back(e->pi.upper);
    e->back.ft_n = NONE;
}

/* --- parts of every sample -------------------------------------------------------- */

static void *zalloc(mtp_arena *arena, size_t n, size_t size)
{
    void *memory = mtp_arena_zalloc(arena, n, size);

    assert_non_null(memory);
    return memory;
}

static sample *new_sample(mtp_arena *arena, mtp_command command, const char *source,
                          size_t rows, const mtp_note notes[], size_t n_notes)
{
    sample *s = zalloc(arena, 1, sizeof *s);

    s->notes = zalloc(arena, n_notes + 1, sizeof *s->notes);
    for (size_t i = 0; i < n_notes; i++) {
        s->notes[i] = notes[i];
    }
    s->bundle.command = command;
    s->bundle.level = 0.95;
    s->bundle.notes = (mtp_notes){n_notes, s->notes};
    s->bundle.ledger = (mtp_ledger){
        .source = source,
        .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .rows = rows,
        .used = rows};
    return s;
}

/* The raw data of studies of one group. */
static void add_raw(sample *s, mtp_arena *arena)
{
    static const mtp_role role[] = {MTP_ROLE_EVENTS, MTP_ROLE_N};
    double *raw = zalloc(arena, 2 * s->bundle.n_studies, sizeof *raw);

    s->bundle.n_raw = s->bundle.n_columns = 2;
    s->bundle.raw_role = role;
    for (size_t i = 0; i < s->bundle.n_studies; i++) {
        raw[2 * i] = s->studies[i].events;
        raw[2 * i + 1] = s->studies[i].n;
        s->studies[i].raw = &raw[2 * i];
    }
}

static void add_studies(sample *s, mtp_arena *arena, const char *const name[],
                        const double events[], const double n[], size_t k)
{
    s->studies = zalloc(arena, k, sizeof *s->studies);
    s->bundle.studies = s->studies;
    s->bundle.n_studies = k;
    for (size_t i = 0; i < k; i++) {
        mtp_study *study = &s->studies[i];

        *study = (mtp_study){.row = i + 1,
                             .line = i + 2,
                             .name = name[i],
                             .events = events ? events[i] : NONE,
                             .n = n ? n[i] : NONE,
                             .time = NONE,
                             .weight_common = NONE,
                             .weight_random = NONE,
                             .observed = {NONE, NONE, NONE, NULL}};
    }
    if (events) {
        add_raw(s, arena);
    }
}

static void set_effect(mtp_study *s, double yi, double vi, double (*back)(double))
{
    s->yi = yi;
    s->vi = vi;
    s->sei = sqrt(vi);
    s->ci_lower = yi - z975 * s->sei;
    s->ci_upper = yi + z975 * s->sei;
    s->back.estimate = back(s->yi);
    s->back.ci_lower = back(s->ci_lower);
    s->back.ci_upper = back(s->ci_upper);
}

/* Logits, with 1/2 added to the cells of a study that has an empty one. */
static void set_logits(sample *s)
{
    for (size_t i = 0; i < s->bundle.n_studies; i++) {
        mtp_study *study = &s->studies[i];
        double x = study->events, n = study->n;

        study->corrected = x == 0.0 || x == n;
        study->observed.estimate = x / n;
        study->observed.ci_method = "wilson";
        set_wilson(x, n, &study->observed.ci_lower, &study->observed.ci_upper);
        if (study->corrected) {
            x += 0.5;
            n += 1.0;
        }
        set_effect(study, log(x / (n - x)), 1.0 / x + 1.0 / (n - x), inverse_logit);
    }
}

static void add_cohorts(sample *s, mtp_arena *arena)
{
    const char *name[N_COHORTS];
    double deaths[N_COHORTS], patients[N_COHORTS];

    for (size_t i = 0; i < N_COHORTS; i++) {
        name[i] = cohorts[i].name;
        deaths[i] = cohorts[i].deaths;
        patients[i] = cohorts[i].patients;
    }
    add_studies(s, arena, name, deaths, patients, N_COHORTS);
    set_logits(s);
    s->bundle.measure = mtp_measure_get(MTP_PLO);
}

static mtp_heterogeneity no_heterogeneity(void)
{
    mtp_heterogeneity h = {.Q = NONE,
                           .df = NONE,
                           .p = NONE,
                           .log_p = NONE,
                           .tau2 = NONE,
                           .tau2_se = NONE,
                           .tau = NONE,
                           .I2 = NONE,
                           .H2 = NONE,
                           .I2_Q = NONE,
                           .vt = NONE,
                           .ci = {.method = "qp",
                                  .status = MTP_SET_UNDEFINED,
                                  .tau2 = {NONE, NONE},
                                  .tau = {NONE, NONE},
                                  .I2 = {NONE, NONE},
                                  .H2 = {NONE, NONE}},
                           .LRT = NONE,
                           .LRT_df = NONE,
                           .LRT_p = NONE,
                           .LRT_log_p = NONE,
                           .tau2_statistic = NONE,
                           .tau2_p = NONE};

    h.intervals[h.n_intervals++] = h.ci;
    return h;
}

/* --- the mixed model -------------------------------------------------------------- */

static mtp_heterogeneity glmm_heterogeneity(const figures *f)
{
    mtp_heterogeneity h = no_heterogeneity();

    h.Q = f->Q;
    h.df = (double)f->k - 1.0;
    h.p = f->Q_p;
    h.log_p = f->Q_log_p;
    h.Q_center = "wald";
    h.tau2 = f->tau2;
    h.tau = sqrt(f->tau2);
    h.vt = f->vt;
    h.I2 = 100.0 * f->tau2 / (f->tau2 + f->vt);
    h.H2 = 1.0 + f->tau2 / f->vt;
    h.I2_Q = 100.0 * fmax(0.0, (f->Q - h.df) / f->Q);
    h.LRT = f->LRT;
    h.LRT_df = h.df;
    h.LRT_p = f->LRT_p;
    h.LRT_log_p = log(f->LRT_p);
    h.tau2_statistic = 2.0 * (f->loglik - f->common_loglik);
    h.tau2_p = f->tau2_p;
    return h;
}

static mtp_fit glmm_fit(const figures *f)
{
    double k = (double)f->k;

    return (mtp_fit){.method = MTP_METHOD_GLMM,
                     .tau2_method = MTP_TAU2_ML,
                     .model = "binomial-normal",
                     .nodes = 7,
                     .converged = true,
                     .iterations = 9,
                     .n_modes = 1,
                     .modes = {{f->tau2, f->loglik, f->random}},
                     .boundary = f->tau2 == 0.0,
                     .loglik = f->loglik,
                     .loglik_kind = "marginal",
                     .sigma2 = NONE,
                     .AIC = 4.0 - 2.0 * f->loglik,
                     .AICc = k > 3.0 ? 4.0 * k / (k - 3.0) - 2.0 * f->loglik : NONE,
                     .BIC = 2.0 * log(k) - 2.0 * f->loglik};
}

static mtp_pooled glmm_pooled(const figures *f)
{
    double df = (double)f->k - 1.0;
    mtp_pooled p = {.k = f->k,
                    .events = f->events,
                    .n = f->n,
                    .time = NONE,
                    .exists = true,
                    .heterogeneity = glmm_heterogeneity(f),
                    .fit = glmm_fit(f)};
    mtp_estimate *common = &p.common, *random = &p.random;

    common->estimate = f->common;
    common->null_value = random->null_value = NONE;
    common->ci = wald(f->common, f->common_se, z975, MTP_CI_WALD, NONE);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, NONE, NONE, NONE, NONE};
    set_back(common, inverse_logit);
    random->estimate = f->random;
    random->ci = wald(f->random, f->random_se, z975, MTP_CI_WALD, NONE);
    random->n_intervals = 2;
    random->intervals[0] = random->ci;
    random->intervals[1] = wald(f->random, f->random_se, f->t, MTP_CI_T, df);
    random->pi = predict(f->random, f->random_se, f->tau2, f->t, MTP_PI_V, df);
    random->n_predictions = 2;
    random->predictions[0] =
        predict(f->random, f->random_se, f->tau2, z975, MTP_PI_WALD, NONE);
    random->predictions[1] = random->pi;
    set_back(random, inverse_logit);
    return p;
}

/* Options as the report lists them. */
/* clang-format off */
#define WORD(name_, value_)   {.name = name_, .value = value_}
#define NUMBER(name_, value_) {.name = name_, .value = value_, .is_number = true}
/* clang-format on */

static const mtp_effective_option glmm_options[] = {
    WORD("study", "study"),         WORD("events", "deaths"),
    WORD("n", "patients"),          WORD("where", NULL),
    WORD("by", "entity"),           WORD("measure", "PLO"),
    NUMBER("add", "0.5"),           WORD("to", "only0"),
    WORD("method", "glmm"),         WORD("tau2", "ML"),
    WORD("tau2-scope", "separate"), WORD("ci", "wald"),
    WORD("predict", "v"),           NUMBER("null", NULL),
    NUMBER("level", "95"),          NUMBER("nodes", "7")};

static void set_options(sample *s, const mtp_effective_option options[], size_t n)
{
    s->bundle.options = options;
    s->bundle.n_options = n;
}

static mtp_pool_options pool_options(mtp_method method, mtp_tau2_method tau2)
{
    return (mtp_pool_options){.size = sizeof(mtp_pool_options),
                              .method = method,
                              .tau2 = tau2,
                              .ci = MTP_CI_WALD,
                              .predict = MTP_PI_AUTO,
                              .level = 0.95,
                              .null_value = NONE,
                              .nodes = method == MTP_METHOD_GLMM ? 7 : 0,
                              .threads = 1};
}

sample *sample_glmm(mtp_arena *arena)
{
    static const mtp_note notes[] = {
        {MTP_NOTE_ZERO_CELLS_CORRECTED, MTP_INFO, 0,
         "0.5 was added to the cells of 2 studies without events for their own "
         "effects; "
         "the mixed model uses the counts as they are"},
        {MTP_NOTE_NO_INFORMATION_IN_Q, MTP_INFO, 0,
         "2 studies without events carry nothing into Q"},
        {MTP_NOTE_TAU2_ZERO, MTP_INFO, 0,
         "tau2 is zero in subgroups IL and MCL: common and random effects agree"}};
    sample *s = new_sample(arena, MTP_COMMAND_POOL, "studies.csv", N_COHORTS, notes, 3);
    const char **name = zalloc(arena, N_ENTITIES, sizeof *name);
    /* mpmath at 40 digits, from the estimates and standard errors above; p published:
     * 0.025910807562160233 */
    const mtp_test common =
        chi_square(8.6036849279486472, 3.0, 0.035051667831839196, -3.3509320822730330);
    const mtp_test random =
        chi_square(9.2698733047694722, 3.0, 0.025909850247239698, -3.6531320641531230);
    const mtp_test none = chi_square(NONE, NONE, NONE, NONE);

    add_cohorts(s, arena);
    for (size_t i = 0; i < N_COHORTS; i++) {
        s->studies[i].group = cohorts[i].entity;
    }
    s->groups = zalloc(arena, N_ENTITIES, sizeof *s->groups);
    for (size_t g = 0; g < N_ENTITIES; g++) {
        s->groups[g] = glmm_pooled(&pooled[g + 1]);
        name[g] = pooled[g + 1].level;
    }
    s->pool = (mtp_pool_result){.options = pool_options(MTP_METHOD_GLMM, MTP_TAU2_ML),
                                .measure = s->bundle.measure,
                                .k = N_COHORTS,
                                .overall = glmm_pooled(&pooled[0]),
                                .n_groups = N_ENTITIES,
                                .groups = s->groups,
                                .group_name = name,
                                .between = {common, random, none}};
    s->bundle.pool = &s->pool;
    s->bundle.by = "entity";
    set_options(s, glmm_options, sizeof glmm_options / sizeof *glmm_options);
    return s;
}

/* --- inverse variance ------------------------------------------------------------- */

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
    double *common = zalloc(arena, N_TRIALS, sizeof *common);
    double *random = zalloc(arena, N_TRIALS, sizeof *random);
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
    mtp_heterogeneity h = no_heterogeneity();

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
                    .events = NONE,
                    .n = NONE,
                    .time = NONE,
                    .exists = true,
                    .heterogeneity = bcg_heterogeneity(),
                    .fit = {.method = MTP_METHOD_INVERSE,
                            .sigma2 = NONE,
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
    common->ci = with_test(wald(bcg_common, bcg_common_se, z975, MTP_CI_WALD, NONE),
                           bcg_common_z, bcg_common_p, bcg_common_log_p);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, NONE, NONE, NONE, NONE};
    set_back(common, identity);
    random->estimate = bcg_random;
    random->ci = with_test(wald(bcg_random, bcg_hksj_se, t12, MTP_CI_HKSJ, 12.0),
                           bcg_hksj_t, bcg_hksj_p, bcg_hksj_log_p);
    random->n_intervals = 2;
    random->intervals[0] = with_test(wald(bcg_random, bcg_se, z975, MTP_CI_WALD, NONE),
                                     bcg_z, bcg_p, bcg_log_p);
    random->intervals[1] = random->ci;
    random->pi = predict(bcg_random, bcg_hksj_se, bcg_tau2, t12, MTP_PI_HK, 12.0);
    random->n_predictions = 1;
    random->predictions[0] = random->pi;
    set_back(random, identity);
    return p;
}

sample *sample_inverse(mtp_arena *arena)
{
    static const mtp_effective_option options[] = {
        WORD("yi", "yi"),          WORD("vi", "vi"),     WORD("measure", "GEN"),
        WORD("method", "inverse"), WORD("tau2", "REML"), WORD("ci", "hksj"),
        WORD("predict", "hk"),     NUMBER("null", "0"),  NUMBER("level", "95")};
    static const mtp_excluded excluded[] = {
        {.row = 14,
         .line = 15,
         .study = "Trial without result",
         .code = "missing",
         .reason = "vi is missing"},
        {.row = 15, .line = 16, .code = "missing", .reason = "yi is missing"}};
    const mtp_test none = chi_square(NONE, NONE, NONE, NONE);
    const char *name[N_TRIALS];
    sample *s = new_sample(arena, MTP_COMMAND_POOL, "bcg.csv", 16, NULL, 0);

    for (size_t i = 0; i < N_TRIALS; i++) {
        name[i] = trials[i].name;
    }
    add_studies(s, arena, name, NULL, NULL, N_TRIALS);
    for (size_t i = 0; i < N_TRIALS; i++) {
        set_effect(&s->studies[i], trials[i].yi, trials[i].vi, identity);
    }
    s->bundle.ledger.used = N_TRIALS;
    s->bundle.ledger.filtered = 1;
    s->bundle.ledger.n_excluded = 2;
    s->bundle.ledger.excluded = excluded;
    s->bundle.measure = mtp_measure_get(MTP_GEN);
    s->pool =
        (mtp_pool_result){.options = pool_options(MTP_METHOD_INVERSE, MTP_TAU2_REML),
                          .measure = s->bundle.measure,
                          .k = N_TRIALS,
                          .overall = bcg_pooled(),
                          .between = {none, none, none}};
    s->pool.options.ci = MTP_CI_HKSJ;
    s->pool.options.null_value = 0.0;
    set_weights(s, arena);
    s->bundle.pool = &s->pool;
    set_options(s, options, sizeof options / sizeof *options);
    return s;
}

/* --- the others ------------------------------------------------------------------- */

sample *sample_nothing(mtp_arena *arena)
{
    static const char *const name[] = {"s1", "s2", "s3", "s4", "s5", "s6"};
    static const double events[] = {0, 0, 0, 0, 0, 0}, n[] = {10, 25, 40, 13, 100, 7};
    static const mtp_note notes[] = {
        {MTP_NOTE_NO_FINITE_ESTIMATE, MTP_WARNING, 0,
         "no study has an event, so the likelihood has no maximum at a finite logit"}};
    const mtp_test none = chi_square(NONE, NONE, NONE, NONE);
    sample *s = new_sample(arena, MTP_COMMAND_POOL, "zeros.csv", 6, notes, 1);

    add_studies(s, arena, name, events, n, 6);
    set_logits(s);
    s->bundle.measure = mtp_measure_get(MTP_PLO);
    /* `exists` is false: the zeros of the estimates must not be shown. */
    s->pool = (mtp_pool_result){.options = pool_options(MTP_METHOD_GLMM, MTP_TAU2_ML),
                                .measure = s->bundle.measure,
                                .k = 6,
                                .overall = {.k = 6,
                                            .events = 0.0,
                                            .n = 195.0,
                                            .time = NONE,
                                            .fit = {.method = MTP_METHOD_GLMM,
                                                    .sigma2 = NONE,
                                                    .tau2_method = MTP_TAU2_ML,
                                                    .model = "binomial-normal"}},
                                .between = {none, none, none}};
    s->bundle.pool = &s->pool;
    set_options(s, glmm_options, sizeof glmm_options / sizeof *glmm_options);
    return s;
}

/* Figures: mpmath at 40 digits; logit of 5 / 40, sqrt(1 / 5 + 1 / 35), and -2 times the
 * binomial log-likelihood at 5 / 40, as the saturated one is 0. */
sample *sample_common(mtp_arena *arena)
{
    static const char *const name[] = {"s1", "s2", "s3", "s4"};
    static const double events[] = {0, 5, 0, 0}, n[] = {10, 5, 20, 5};
    static const mtp_note notes[] = {
        {MTP_NOTE_NO_FINITE_ESTIMATE, MTP_WARNING, 0,
         "each study has no events or nothing but events: tau has no finite maximum"}};
    sample *s = sample_nothing(arena);
    mtp_pooled *overall = &s->pool.overall;
    mtp_estimate *common = &overall->common;

    add_studies(s, arena, name, events, n, 4);
    set_logits(s);
    s->bundle.notes.item = notes;
    s->bundle.ledger.rows = s->bundle.ledger.used = s->pool.k = overall->k = 4;
    overall->events = 5.0;
    overall->n = 40.0;
    common->estimate = -1.9459101490553133;
    common->null_value = NONE;
    common->ci = wald(common->estimate, 0.47809144373375746, z975, MTP_CI_WALD, NONE);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, NONE, NONE, NONE, NONE};
    set_back(common, inverse_logit);
    overall->random.estimate = overall->random.back.estimate = NONE;
    overall->random.back.ci_lower = overall->random.back.ci_upper = NONE;
    overall->random.back.pi_lower = overall->random.back.pi_upper = NONE;
    overall->heterogeneity = no_heterogeneity();
    overall->heterogeneity.Q_center = "wald";
    overall->heterogeneity.LRT = 30.141612900514943;
    overall->heterogeneity.LRT_df = 3.0;
    overall->heterogeneity.LRT_p = 1.2885662464122404e-06;
    overall->heterogeneity.LRT_log_p = -13.561980394584441;
    return s;
}

sample *sample_effects(mtp_arena *arena)
{
    static const mtp_effective_option options[] = {
        WORD("study", "study"), WORD("measure", "PLO"), NUMBER("add", "0.5")};
    static const mtp_note notes[] = {
        {MTP_NOTE_ZERO_CELLS_CORRECTED, MTP_INFO, 10,
         "0.5 was added to the cells of a study without events"}};
    sample *s =
        new_sample(arena, MTP_COMMAND_EFFECTS, "studies.csv", N_COHORTS, notes, 1);

    add_cohorts(s, arena);
    set_options(s, options, sizeof options / sizeof *options);
    return s;
}

enum { N_CAUSES = 7, N_SETTINGS = 2 };

static mtp_share make_share(double count, double total, double column_total,
                            double grand_total)
{
    /* Chi-square with 1 df, upper tail 0.05 / 7: mpmath at 40 digits. */
    const double b = 7.2366892681108956;
    double root = sqrt(b * (b + 4.0 * count * (total - count) / total));
    double expected = total * column_total / grand_total;
    double spread =
        expected * (1.0 - total / grand_total) * (1.0 - column_total / grand_total);
    mtp_share share = {.count = count,
                       .share = count / total,
                       .goodman = {(b + 2.0 * count - root) / (2.0 * (total + b)),
                                   (b + 2.0 * count + root) / (2.0 * (total + b))},
                       .residual = (count - expected) / sqrt(spread)};

    set_wilson(count, total, &share.wilson[0], &share.wilson[1]);
    return share;
}

static mtp_composition_group make_group(mtp_arena *arena, const char *level,
                                        const double count[], const double column[])
{
    mtp_share *share = zalloc(arena, N_CAUSES, sizeof *share);
    mtp_composition_group group = {level, 0.0, share};
    double grand_total = 0.0;

    for (size_t i = 0; i < N_CAUSES; i++) {
        group.total += count[i];
        grand_total += column[i];
    }
    for (size_t i = 0; i < N_CAUSES; i++) {
        share[i] = make_share(count[i], group.total, column[i], grand_total);
        share[i].residual = level ? share[i].residual : NONE;
    }
    return group;
}

sample *sample_composition(mtp_arena *arena)
{
    static const char *const cause[N_CAUSES] = {"infection",
                                                "malignancy",
                                                "cardiovascular or respiratory",
                                                "neurotoxicity",
                                                "CRS",
                                                "hemorrhage",
                                                "HLH"};
    /* Read off the paper's bars; its chi-square is 18.936 with 6 df, p = 0.004273. */
    static const double count[N_SETTINGS][N_CAUSES] = {{75, 15, 21, 4, 3, 6, 3},
                                                       {217, 30, 21, 26, 24, 13, 6}};
    static const mtp_effective_option options[] = {
        WORD("category", "cause"), WORD("count", "deaths"),
        WORD("by", "setting"),     NUMBER("level", "95"),
        NUMBER("draws", "100000"), NUMBER("seed", "20240618")};
    static const mtp_note notes[] = {
        {MTP_NOTE_CRUDE_SHARES, MTP_INFO, 0,
         "shares are crude sums over cohorts; the counted events are taken as "
         "independent"},
        {MTP_NOTE_EXPECTED_SMALL, MTP_WARNING, 0, "an expected count is below 5"}};
    sample *s = new_sample(arena, MTP_COMMAND_COMPOSITION, "causes.csv", 14, notes, 2);
    mtp_composition_group *group = zalloc(arena, N_SETTINGS, sizeof *group);
    double column[N_CAUSES];

    for (size_t i = 0; i < N_CAUSES; i++) {
        column[i] = count[0][i] + count[1][i];
    }
    group[0] = make_group(arena, "CT", count[0], column);
    group[1] = make_group(arena, "RW", count[1], column);
    s->composition = (mtp_composition){
        .options = {.size = sizeof(mtp_composition_options),
                    .level = 0.95,
                    .seed = MTP_DEFAULT_SEED,
                    .draws = 100000},
        .n_categories = N_CAUSES,
        .n_groups = N_SETTINGS,
        .category = cause,
        .total = make_group(arena, NULL, column, column),
        .group = group,
        /* mpmath at 40 digits; the Monte Carlo p: R 4.2.2, set.seed(1), 1e5 tables */
        .chi_square = chi_square(18.936059022372813, 6.0, 0.0042729933025918896,
                                 -5.4554406896999260),
        .g = chi_square(18.863718554680205, 6.0, 0.0044000903043634435,
                        -5.4261302145495658),
        .exact = {MTP_EXACT_MONTE_CARLO, 0.0039099609003909958, 1.973e-4, 100000},
        .expected_min = 2.4633620689655172,
        .cramers_v = 0.20201601924346467};
    s->bundle.composition = &s->composition;
    s->bundle.by = "setting";
    set_options(s, options, sizeof options / sizeof *options);
    return s;
}
