/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pool odds ratios from a CSV file: odds_ratios bcg.csv */
#include <metapool/metapool.h>
#include <stdio.h>

static const char *const options[][2] = {{"measure", "OR"},  {"study", "trial"},
                                         {"cell-a", "tpos"}, {"cell-b", "tneg"},
                                         {"cell-c", "cpos"}, {"cell-d", "cneg"}};

static mtp_status pool(const char *path, mtp_bundle **bundle, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_table *table = NULL;
    mtp_status status = mtp_request_new(MTP_COMMAND_POOL, &request, err);

    for (size_t i = 0; status == MTP_OK && i < sizeof options / sizeof *options; i++) {
        status = mtp_request_set(request, options[i][0], options[i][1], err);
    }
    if (status == MTP_OK) {
        status = mtp_table_read(path, NULL, &table, NULL, err);
    }
    if (status == MTP_OK) {
        status = mtp_run(request, table, bundle, NULL, err);
    }
    mtp_table_free(table); /* the bundle holds copies */
    mtp_request_free(request);
    return status;
}

static void print(const char *name, const mtp_estimate *e)
{
    printf("%-15s %.4f [%.4f, %.4f]\n", name, e->back.estimate, e->back.ci_lower,
           e->back.ci_upper);
}

int main(int argc, char **argv)
{
    mtp_bundle *bundle = NULL;
    mtp_error err;

    if (argc != 2) {
        return 2;
    }
    if (pool(argv[1], &bundle, &err) != MTP_OK) {
        char line[1024];

        mtp_error_format(&err, line, sizeof line);
        fprintf(stderr, "%s\n", line);
        return 1;
    }
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];

        printf("%-26s %.2f, weight %.1f%%\n", study->name, study->back.estimate,
               study->weight_random);
    }
    print("common effect", &bundle->pool->overall.common);
    print("random effects", &bundle->pool->overall.random);
    for (size_t i = 0; i < bundle->notes.count; i++) {
        printf("note: %s\n", bundle->notes.item[i].text);
    }
    mtp_bundle_free(bundle);
    return 0;
}
