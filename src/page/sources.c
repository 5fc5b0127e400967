/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the methods rest on: the sources of docs/methods.md by what they are the source
 * of. */
#include "page/page.h"
#include "text/markup.h"

#include <string.h>

typedef struct source {
    const char *keys; /* words "KIND:ID" */
    const char *authors, *title;
    const char *doi; /* NULL: none */
} source;

/* clang-format off */
static const source sources[] = {
    {"method:inverse tau2:GENQ tau2:DL2 tau2:CA2",
     "DerSimonian & Kacker (2007)",
     "Random-effects model for meta-analysis of clinical trials: an update. Contemp Clin Trials "
     "28:105-114",
     "10.1016/j.cct.2006.04.004"},
    {"method:mh",
     "Mantel & Haenszel (1959)",
     "Statistical aspects of the analysis of data from retrospective studies of disease. J Natl "
     "Cancer Inst 22:719-748",
     NULL},
    {"method:peto",
     "Yusuf et al. (1985)",
     "Beta blockade during and after myocardial infarction: an overview of the randomized trials. "
     "Prog Cardiovasc Dis 27:335-371",
     "10.1016/s0033-0620(85)80003-7"},
    {"method:glmm",
     "Stijnen, Hamza & \303\226zdemir (2010)",
     "Random effects meta-analysis of event outcome in the framework of the generalized linear "
     "mixed model with applications in sparse data. Stat Med 29:3046-3067",
     "10.1002/sim.4040"},
    {"method:betabinomial",
     "Griffiths (1973)",
     "Maximum likelihood estimation for the beta-binomial distribution and an application to the "
     "household distribution of the total number of cases of a disease. Biometrics 29:637-648",
     "10.2307/2529131"},
    {"mh:OR",
     "Robins, Breslow & Greenland (1986)",
     "Estimators of the Mantel-Haenszel variance consistent in both sparse data and large-strata "
     "limiting models. Biometrics 42:311-323",
     "10.2307/2531052"},
    {"mh:RR mh:IRR mh:IRD",
     "Greenland & Robins (1985)",
     "Estimation of a common effect parameter from sparse follow-up data. Biometrics 41:55-68",
     "10.2307/2530643"},
    {"mh:RD",
     "Sato (1989)",
     "On the variance estimator for the Mantel-Haenszel risk difference. Biometrics 45:1323-1324",
     "10.2307/2531784"},
    {"tau2:REML tau2:ML",
     "Harville (1977)",
     "Maximum likelihood approaches to variance component estimation and to related problems. J "
     "Am Stat Assoc 72:320-338",
     "10.1080/01621459.1977.10480998"},
    {"tau2:DL",
     "DerSimonian & Laird (1986)",
     "Meta-analysis in clinical trials. Control Clin Trials 7:177-188",
     "10.1016/0197-2456(86)90046-2"},
    {"tau2:PM tau2:DLIT",
     "Paule & Mandel (1982)",
     "Consensus values and weighting factors. J Res Natl Bur Stand 87:377-385",
     "10.6028/jres.087.022"},
    {"tau2:PMM tau2:GENQM",
     "Viechtbauer (2021)",
     "Median-unbiased estimators for the amount of heterogeneity in meta-analysis. European "
     "Congress of Methodology, Valencia",
     NULL},
    {"tau2:EB",
     "Morris (1983)",
     "Parametric empirical Bayes inference: theory and applications. J Am Stat Assoc 78:47-55",
     "10.1080/01621459.1983.10477920"},
    {"tau2:HE",
     "Cochran (1954)",
     "The combination of estimates from different experiments. Biometrics 10:101-129",
     "10.2307/3001666"},
    {"tau2:HS",
     "Viechtbauer (2005)",
     "Bias and efficiency of meta-analytic variance estimators in the random-effects model. J "
     "Educ Behav Stat 30:261-293",
     "10.3102/10769986030003261"},
    {"tau2:HSk",
     "Brannick, Potter, Benitez & Morris (2019)",
     "Bias and precision of alternate estimators in meta-analysis: benefits of blending "
     "Schmidt-Hunter and Hedges approaches. Organ Res Methods 22:490-514",
     "10.1177/1094428117741966"},
    {"tau2:SJ tau2:SJIT",
     "Sidik & Jonkman (2005)",
     "Simple heterogeneity variance estimation for meta-analysis. J R Stat Soc C 54:367-384",
     "10.1111/j.1467-9876.2005.00489.x"},
    {"ci:hksj ci:hksj-adhoc ci:hksj-wide",
     "Knapp & Hartung (2003)",
     "Improved tests for a random effects meta-regression with a single covariate. Stat Med "
     "22:2693-2710",
     "10.1002/sim.1482"},
    {"ci:kr",
     "Kenward & Roger (1997)",
     "Small sample inference for fixed effects from restricted maximum likelihood. Biometrics "
     "53:983-997",
     "10.2307/2533558"},
    {"ci:pl tau2-ci:pl",
     "Hardy & Thompson (1996)",
     "A likelihood approach to meta-analysis with random effects. Stat Med 15:619-629",
     "10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"},
    {"ci:hc",
     "Henmi & Copas (2010)",
     "Confidence intervals for random effects meta-analysis and robustness to publication bias. "
     "Stat Med 29:2969-2983",
     "10.1002/sim.4029"},
    {"ci:robust",
     "Hedges, Tipton & Johnson (2010)",
     "Robust variance estimation in meta-regression with dependent effect size estimates. Res "
     "Synth Methods 1:39-65",
     "10.1002/jrsm.5"},
    {"pi:v pi:hts",
     "Higgins, Thompson & Spiegelhalter (2009)",
     "A re-evaluation of random-effects meta-analysis. J R Stat Soc A 172:137-159",
     "10.1111/j.1467-985X.2008.00552.x"},
    {"pi:hk pi:hk-pr pi:kr pi:kr-pr",
     "Partlett & Riley (2017)",
     "Random effects meta-analysis: coverage performance of 95% confidence and prediction "
     "intervals following REML estimation. Stat Med 36:301-317",
     "10.1002/sim.7140"},
    {"pi:nnf",
     "Nagashima, Noma & Furukawa (2019)",
     "Prediction intervals for random-effects meta-analysis: a confidence distribution approach. "
     "Stat Methods Med Res 28:1689-1702",
     "10.1177/0962280218773520"},
    {"tau2-ci:qp",
     "Viechtbauer (2007)",
     "Confidence intervals for the amount of heterogeneity in meta-analysis. Stat Med 26:37-52",
     "10.1002/sim.2514"},
    {"tau2-ci:j",
     "Jackson (2013)",
     "Confidence intervals for the between-study variance in random effects meta-analysis using "
     "generalised Cochran heterogeneity statistics. Res Synth Methods 4:220-229",
     "10.1002/jrsm.1081"},
    {"tau2-ci:bj",
     "Biggerstaff & Jackson (2008)",
     "The exact distribution of Cochran's heterogeneity statistic in one-way random effects "
     "meta-analysis. Stat Med 27:6093-6110",
     "10.1002/sim.3428"},
    {"part:I2",
     "Higgins & Thompson (2002)",
     "Quantifying heterogeneity in a meta-analysis. Stat Med 21:1539-1558",
     "10.1002/sim.1186"},
    {"part:levels",
     "Konstantopoulos (2011)",
     "Fixed effects and variance components estimation in three-level meta-analysis. Res Synth "
     "Methods 2:61-76",
     "10.1002/jrsm.35"},
    {"part:subgroups",
     "Borenstein, Hedges, Higgins & Rothstein (2009)",
     "Introduction to Meta-Analysis, ch. 19. Wiley",
     "10.1002/9780470743386"},
    {"part:influence",
     "Viechtbauer & Cheung (2010)",
     "Outlier and influence diagnostics for meta-analysis. Res Synth Methods 1:112-125",
     "10.1002/jrsm.11"},
    {"part:compare",
     "Simonsohn, Simmons & Nelson (2020)",
     "Specification curve analysis. Nat Hum Behav 4:1208-1214",
     "10.1038/s41562-020-0912-z"},
    {"part:trim-fill",
     "Duval & Tweedie (2000)",
     "Trim and fill: a simple funnel-plot-based method of testing and adjusting for publication "
     "bias in meta-analysis. Biometrics 56:455-463",
     "10.1111/j.0006-341X.2000.00455.x"},
    {"part:absolute",
     "Guyatt et al. (2013)",
     "GRADE guidelines: 12. Preparing summary of findings tables - binary outcomes. J Clin "
     "Epidemiol 66:158-172",
     "10.1016/j.jclinepi.2012.01.012"},
    {"part:absolute-hazard",
     "Skoetz et al. (2020)",
     "GRADE guidelines 27: how to calculate absolute effects for time-to-event outcomes in "
     "summary of findings tables and evidence profiles. J Clin Epidemiol 118:124-131",
     "10.1016/j.jclinepi.2019.10.015"},
    {"part:prisma",
     "Page et al. (2021)",
     "The PRISMA 2020 statement: an updated guideline for reporting systematic reviews. BMJ "
     "372:n71",
     "10.1136/bmj.n71"},
    {"test:egger",
     "Egger et al. (1997)",
     "Bias in meta-analysis detected by a simple, graphical test. BMJ 315:629-634",
     "10.1136/bmj.315.7109.629"},
    {"test:begg",
     "Begg & Mazumdar (1994)",
     "Operating characteristics of a rank correlation test for publication bias. Biometrics "
     "50:1088-1101",
     "10.2307/2533446"},
    {"test:peters",
     "Peters et al. (2006)",
     "Comparison of two methods to detect publication bias in meta-analysis. JAMA 295:676-680",
     "10.1001/jama.295.6.676"},
    {"test:harbord",
     "Harbord, Egger & Sterne (2006)",
     "A modified test for small-study effects in meta-analyses of controlled trials with binary "
     "endpoints. Stat Med 25:3443-3457",
     "10.1002/sim.2380"},
    {"test:pustejovsky",
     "Pustejovsky & Rodgers (2019)",
     "Testing for funnel plot asymmetry of standardized mean differences. Res Synth Methods "
     "10:57-71",
     "10.1002/jrsm.1332"},
};
/* clang-format on */

enum { SOURCES = sizeof sources / sizeof *sources };

_Static_assert((size_t)SOURCES <= MTP_PAGE_CITED, "a page may cite every source");

static bool has_key(const char *keys, const char *kind, const char *id)
{
    size_t before = strlen(kind), after = strlen(id);

    for (const char *key = keys; key; key = strchr(key, ' ')) {
        key += *key == ' ';
        if (strncmp(key, kind, before) == 0 && key[before] == ':' &&
            strncmp(key + before + 1, id, after) == 0 &&
            (key[before + 1 + after] == ' ' || key[before + 1 + after] == '\0')) {
            return true;
        }
    }
    return false;
}

/* The number of a source, from 1, given when it is first cited. */
static size_t number_of(mtp_page_work *page, size_t which)
{
    for (size_t i = 0; i < page->n_cited; i++) {
        if (page->cited[i] == which) {
            return i + 1;
        }
    }
    page->cited[page->n_cited++] = which;
    return page->n_cited;
}

void mtp_page_cite(mtp_page_work *page, const char *kind, const char *id)
{
    for (size_t i = 0; i < SOURCES; i++) {
        if (has_key(sources[i].keys, kind, id)) {
            size_t number = number_of(page, i);

            mtp_strbuf_printf(page->out, " <a href=\"#source-%zu\">[%zu]</a>", number,
                              number);
            return;
        }
    }
}

/* A DOI may hold what an address may not. */
static void add_address(mtp_strbuf *out, const char *doi)
{
    for (; *doi; doi++) {
        mtp_strbuf_add(out, *doi == '<' ? "%3C" : *doi == '>' ? "%3E" : "");
        if (*doi != '<' && *doi != '>') {
            mtp_strbuf_add_char(out, *doi);
        }
    }
}

static void write_source(mtp_strbuf *out, size_t number, const source *s)
{
    mtp_strbuf_printf(out, "<li id=\"source-%zu\">", number);
    mtp_markup_add(out, s->authors);
    mtp_strbuf_add(out, ". ");
    mtp_markup_add(out, s->title);
    if (s->doi) {
        mtp_strbuf_add(out, ". <a rel=\"noreferrer\" href=\"https://doi.org/");
        add_address(out, s->doi);
        mtp_strbuf_add(out, "\">doi:");
        mtp_markup_add(out, s->doi);
        mtp_strbuf_add(out, "</a>");
    }
    mtp_strbuf_add(out, "</li>\n");
}

void mtp_page_write_sources(mtp_page_work *page)
{
    mtp_strbuf_add(page->out, "<ol>\n");
    for (size_t i = 0; i < page->n_cited; i++) {
        write_source(page->out, i + 1, &sources[page->cited[i]]);
    }
    mtp_strbuf_add(page->out, "</ol>\n");
}
