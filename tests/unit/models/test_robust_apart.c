/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CR2 where working variances are powers of ten apart, so that all but nothing of a
 * cluster's variance is taken from it by the fit. Expected values: all matrices of
 * metapool/robust.h formed in full, B_j^{-1/2} by its eigenvectors, degrees of freedom
 * and HTZ from the covariances of all pairs of clusters, in mpmath with 50 digits, from
 * the effects (0.25, 0.5, -0.125, 0.1875, 0.375, 0.75, 0.0625, 0.4375, -0.25). */
#include "metapool/robust.h"

#include "support/test.h"

enum { K = 9, P = 2 };

static const double x[K * P] = {1, 1, 1, 2, 1, 4, 1, 3, 1, 2, 1, 1, 1, 3, 1, 5, 1, 2};
static const double variance[K] = {0.000001, 4.0, 0.03,   0.0000625, 0.2,
                                   0.00001,  1.5, 0.0005, 2.0};
static const size_t cluster[K] = {0, 0, 1, 1, 1, 2, 3, 4, 4};

typedef struct far_apart {
    double weight[K], residual[K], beta[P];
    double vcov[3], df[P], F, df2; /* vcov: 1 1, 2 1, 2 2 */
} far_apart;

static const far_apart cases[] = {
    {{0},
     {-0.045023962474005430815, 0.22930508784203799544, -0.34703681152587515204,
      -0.058865861841918578299, 0.10430508784203799544, 0.45497603752599456918,
      -0.1838658618419185783, 0.23979223879016827422, -0.52069491215796200456},
     {0.31935301279004885707, -0.024329050316043426258},
     {0.042004375959519163159, -0.013617790739101969134, 0.0052718340781020320716},
     {1.3358439369703848623, 1.0304719778999189152},
     1.6333469238217997999,
     0.50397151342395499669},
    {{1, 2, 3, 100, 1, 5, 1, 0.5, 2},
     {-0.31130255455029270889, 0.12814329430548163917, -0.11796500798296966472,
      0.0050891431612559872272, 0.0031432943054816391698, 0.18869744544970729111,
      -0.11991085683874401277, 0.63398084087280468334, -0.62185670569451836083},
     {0.75074840340606705695, -0.18944584885577434806},
     {0.016680215218140007186, -0.0053319381838034461587, 0.0017118580462758773192},
     {1.8105581628777841424, 1.8337513561157947461},
     115.40732196207146547,
     1.5932320300945572677},
    {{1000000, 0.25, 33, 16000, 5, 90000, 0.7, 2000, 0.5},
     {-0.040854958113350120528, 0.23173444694521334686, -0.34808674293765971837,
      -0.058176147996223185758, 0.10673444694521334686, 0.45914504188664987947,
      -0.18317614799622318576, 0.23700266212090374901, -0.51826555305478665314},
     {0.31344436317191358791, -0.022589405058563467385},
     {0.041792140417737812089, -0.013526238691294159615, 0.005215724245433981132},
     {1.3347741112073358923, 1.0304089262585397705},
     1.6374975226720260046,
     0.50402511819093719468}};

static void assert_digits(double made, double expected)
{
    assert_close(made, expected, 1e-12, 0.0);
}

static void variances_may_be_far_apart(void **state)
{
    static const double l[P * P] = {1, 0, 0, 1};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const far_apart *of = &cases[i];
        mtp_robust_result *result = NULL;
        mtp_robust_model model;
        mtp_robust_test test;

        mtp_robust_model_init(&model, sizeof model);
        model.k = K;
        model.p = P;
        model.x = x;
        model.residual = of->residual;
        model.variance = variance;
        model.weight = of->weight[0] > 0.0 ? of->weight : NULL;
        model.clusters = 5;
        model.cluster = cluster;
        assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
        assert_int_equal(result->singular, 0);
        assert_digits(result->vcov[0], of->vcov[0]);
        assert_digits(result->vcov[2], of->vcov[1]);
        assert_digits(result->vcov[3], of->vcov[2]);
        assert_digits(result->df[0], of->df[0]);
        assert_digits(result->df[1], of->df[1]);
        assert_int_equal(mtp_robust_wald(result, P, l, of->beta, &test, NULL), MTP_OK);
        assert_digits(test.statistic, of->F);
        assert_digits(test.df2, of->df2);
        mtp_robust_free(result);
    }
}

/* A cluster that holds nearly all of what is known; its score is a difference of large
 * numbers. */
static void one_cluster_may_know_nearly_all(void **state)
{
    static const double v[] = {0.02, 0.05, 0.3, 0.1};
    static const double residual[] = {0.125, -0.125, 0.25, 0.5};
    static const size_t of[] = {0, 0, 1, 2};
    static const double light[] = {1e-3, 1e-5};
    static const double vcov[] = {0.0011910444728349524567, 0.0011992271328429186424};
    static const double df[] = {1.0000046981334802715, 1.0000000004696934529};

    (void)state;
    for (size_t i = 0; i < sizeof light / sizeof *light; i++) {
        double weight[] = {1.0, 1.0, light[i], light[i]};
        mtp_robust_result *result = NULL;
        mtp_robust_model model;

        mtp_robust_model_init(&model, sizeof model);
        model.k = 4;
        model.p = 1;
        model.residual = residual;
        model.variance = v;
        model.weight = weight;
        model.clusters = 3;
        model.cluster = of;
        assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
        assert_int_equal(result->singular, 0);
        assert_close(result->vcov[0], vcov[i], 1e-10, 0.0);
        assert_digits(result->df[0], df[i]);
        mtp_robust_free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variances_may_be_far_apart),
        cmocka_unit_test(one_cluster_may_know_nearly_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
