/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subgroups of trials that share one tau2, as JSON: subgroups bcg.csv > result.json */
#include <metapool/metapool.h>
#include <stdio.h>

static const char *const options[][2] = {{"measure", "RR"},        {"study", "trial"},
                                         {"cell-a", "tpos"},       {"cell-b", "tneg"},
                                         {"cell-c", "cpos"},       {"cell-d", "cneg"},
                                         {"by", "alloc"},          {"tau2", "DL"},
                                         {"tau2-scope", "common"}, {"ci", "wald"}};

/* The result of the analysis as text, freed with mtp_text_free. */
static mtp_status analyse(const char *path, char **json, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    mtp_status status = mtp_request_new(MTP_COMMAND_POOL, &request, err);

    for (size_t i = 0; status == MTP_OK && i < sizeof options / sizeof *options; i++) {
        status = mtp_request_set(request, options[i][0], options[i][1], err);
    }
    if (status == MTP_OK) {
        status = mtp_table_read(path, NULL, &table, NULL, err);
    }
    if (status == MTP_OK) {
        status = mtp_run(request, table, &bundle, NULL, err);
    }
    if (status == MTP_OK) {
        for (size_t g = 0; g < bundle->pool->n_groups; g++) {
            fprintf(stderr, "%s: %zu trials\n", bundle->pool->group_name[g],
                    bundle->pool->groups[g].k);
        }
        status = mtp_report(bundle, MTP_FORMAT_JSON, NULL, json, NULL, err);
    }
    mtp_bundle_free(bundle);
    mtp_table_free(table);
    mtp_request_free(request);
    return status;
}

int main(int argc, char **argv)
{
    char *json = NULL;
    mtp_error err;

    if (argc != 2) {
        return 2;
    }
    if (analyse(argv[1], &json, &err) != MTP_OK) {
        char line[1024];

        mtp_error_format(&err, line, sizeof line);
        fprintf(stderr, "%s\n", line);
        return 1;
    }
    fputs(json, stdout);
    mtp_text_free(json);
    return 0;
}
