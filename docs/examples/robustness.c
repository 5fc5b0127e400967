/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a pooled risk ratio can be trusted: small studies, single studies, choices.
 */
#include <metapool/metapool.h>
#include <stdio.h>

/* Pairs of a name and a value, ended by NULL. */
static const char *const columns[] = {"measure", "RR",     "study", "trial",  "cell-a",
                                      "tpos",    "cell-b", "tneg",  "cell-c", "cpos",
                                      "cell-d",  "cneg",   NULL};
static const char *const bias[] = {"test", "egger", "trim-fill", "L0", NULL};
static const char *const sensitivity[] = {"leave-one-out", "true", NULL};
static const char *const nothing[] = {NULL};

static void print_bias(const mtp_bias_analysis *found)
{
    const mtp_asymmetry_result *egger = found->tests[0].result;
    const mtp_trim_fill_result *filled = found->trim_fill;

    printf("Egger: t %.4f, df %.0f, p %.4f\n", egger->statistic, egger->df, egger->p);
    printf("trim and fill: %zu missing on the %s, log risk ratio %.4f\n", filled->k0,
           mtp_side_id(filled->side), filled->pooled->overall.random.estimate);
}

static void print_sensitivity(const mtp_bundle *bundle)
{
    const mtp_subset_fits *fits = bundle->sensitivity->leave_one_out;
    size_t least = 0, most = 0;

    for (size_t i = 1; i < fits->n; i++) {
        double estimate = fits->fit[i].random.estimate;

        least = estimate < fits->fit[least].random.estimate ? i : least;
        most = estimate > fits->fit[most].random.estimate ? i : most;
    }
    printf("risk ratio %.4f without %s\n", fits->fit[least].random.back.estimate,
           bundle->studies[least].name);
    printf("risk ratio %.4f without %s\n", fits->fit[most].random.back.estimate,
           bundle->studies[most].name);
}

static mtp_status set_all(mtp_request *request, const char *const pairs[],
                          mtp_error *err)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; status == MTP_OK && pairs[i]; i += 2) {
        status = mtp_request_set(request, pairs[i], pairs[i + 1], err);
    }
    return status;
}

static mtp_status run(mtp_command command, const char *const pairs[],
                      const mtp_table *table, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;
    mtp_status status = mtp_request_new(command, &request, err);

    if (status == MTP_OK) {
        status = set_all(request, columns, err);
    }
    if (status == MTP_OK) {
        status = set_all(request, pairs, err);
    }
    if (status == MTP_OK) {
        status = mtp_run(request, table, &bundle, NULL, err);
    }
    if (status == MTP_OK && bundle->bias) {
        print_bias(bundle->bias);
    } else if (status == MTP_OK && bundle->sensitivity) {
        print_sensitivity(bundle);
    } else if (status == MTP_OK) {
        puts(bundle->comparison->sentence);
    }
    mtp_bundle_free(bundle);
    mtp_request_free(request);
    return status;
}

int main(int argc, char **argv)
{
    mtp_table *table = NULL;
    mtp_error err;
    mtp_status status =
        argc == 2 ? mtp_table_read(argv[1], NULL, &table, NULL, &err) : MTP_E_ARG;

    if (status == MTP_OK) {
        status = run(MTP_COMMAND_BIAS, bias, table, &err);
    }
    if (status == MTP_OK) {
        status = run(MTP_COMMAND_SENSITIVITY, sensitivity, table, &err);
    }
    if (status == MTP_OK) {
        status = run(MTP_COMMAND_COMPARE, nothing, table, &err);
    }
    if (status != MTP_OK) {
        fprintf(stderr, "%s\n", argc == 2 ? err.message : "usage: robustness bcg.csv");
    }
    mtp_table_free(table);
    return status == MTP_OK ? 0 : 1;
}
