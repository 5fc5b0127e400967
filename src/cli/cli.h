/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_CLI_H
#define MTP_CLI_CLI_H

#include "metapool/analysis.h"
#include "metapool/report.h"

#include "core/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * The command-line tool. A command parses its arguments into a request, runs it, and
 * writes the result to standard output or a file; messages go to standard error.
 */

/* Exit statuses: a contract. */
typedef enum mtp_exit {
    MTP_EXIT_OK = 0,
    MTP_EXIT_CHECK = 1, /* a check found a difference, or a warning under --strict */
    MTP_EXIT_USAGE = 2,
    MTP_EXIT_DATA = 3,
    MTP_EXIT_NO_ESTIMATE = 4,
    MTP_EXIT_SYSTEM = 5,
} mtp_exit;

typedef struct mtp_cli_command {
    const char *name;
    const char *kind;        /* of plot, once it is known; NULL: none */
    const char *operands;    /* "FILE", "forest FILE", "list|show NAME|path NAME" */
    const char *summary;     /* one line */
    const char *about;       /* a paragraph for help and the man page */
    const char *examples[5]; /* that run on the bundled data, then NULL */
    unsigned options;        /* the mtp_command whose options it takes; 0: none */
    mtp_exit (*run)(const struct mtp_cli_command *command, int argc, char **argv);
} mtp_cli_command;

extern const mtp_cli_command mtp_cmd_effects, mtp_cmd_pool, mtp_cmd_regress,
    mtp_cmd_bias, mtp_cmd_sensitivity, mtp_cmd_compare, mtp_cmd_composition,
    mtp_cmd_plot, mtp_cmd_page, mtp_cmd_explain, mtp_cmd_lint, mtp_cmd_run,
    mtp_cmd_verify, mtp_cmd_datasets, mtp_cmd_help;

/** All commands, in the order of help; NULL-terminated. */
extern const mtp_cli_command *const mtp_cli_commands[];
const mtp_cli_command *mtp_cli_find(const char *name);
/** Says that there is no such command, and the nearest one. */
mtp_exit mtp_cli_unknown(const char *typed);

/* args.c */

/**
 * Parse the options of a command into its request; operands are moved to the front of
 * argv and counted in *n_operands. Prints what is wrong.
 * @return MTP_EXIT_OK, or the status to leave with; *help is set by --help
 */
mtp_exit mtp_cli_parse(const mtp_cli_command *command, int argc, char **argv,
                       mtp_request **request, char **operands, size_t *n_operands,
                       bool *help);

/* help.c */
mtp_exit mtp_cli_help(const mtp_cli_command *command);
mtp_exit mtp_cli_overview(void);

/* message.c: the only writer to standard error. */
void mtp_cli_error(const char *format, ...) MTP_PRINTF(1, 2);
void mtp_cli_fail(const mtp_error *err, const mtp_problems *problems);
/** Notes to standard error: warnings, with `all` the others too. Returns the warnings.
 */
size_t mtp_cli_notes(const mtp_notes *notes, bool silent, bool all);
mtp_exit mtp_cli_exit_status(mtp_status status);

/* output.c */

/** Write text to standard output, or atomically to a file when path is not NULL. */
mtp_exit mtp_cli_write(const char *path, const char *text, size_t length);
/** Write a file into a folder, atomically; a link of that name is replaced, not
 *  followed. */
mtp_exit mtp_cli_write_into(const char *folder, const char *name, const char *text,
                            size_t length);
/** Write all of an open file, from its start, atomically to a file. */
mtp_exit mtp_cli_write_stream(const char *path, FILE *file);

/** Whether two names, of files that need not exist yet, are those of one file; never of
 *  devices and pipes. */
bool mtp_cli_same_file(const char *a, const char *b);

/**
 * The format that a file's name asks for, "svg" for "a.SVG": the lower-case letters
 * after its last dot, in buffer; NULL where there are none.
 */
const char *mtp_cli_suffix(const char *path, char *buffer, size_t size);

/** Write a buffer to standard output and free it. */
mtp_exit mtp_cli_write_buffer(mtp_strbuf *out);

/* terminal.c */

/** Colour: asked for, or a terminal that can and an environment that does not object.
 */
bool mtp_cli_use_color(const mtp_request *request);
/** ASCII in place of marks: asked for, or text for a locale without UTF-8. */
bool mtp_cli_use_ascii(const mtp_request *request);

/* run.c: what the commands that report share. */

typedef struct mtp_cli_job {
    mtp_request *request;
    mtp_table *table;
    mtp_bundle *bundle;
    mtp_problems reading; /* what the reader found; of lint, what it left out */
} mtp_cli_job;

/** Parse, for a command whose one operand is a file that it reads itself. */
mtp_exit mtp_cli_open_file(const mtp_cli_command *command, int argc, char **argv,
                           mtp_request **request, char **path, bool *help);

/** The same for one or more, up to `most`; paths is freed with free. Left alone when
 *  the status is another than OK, and by --help. */
mtp_exit mtp_cli_open_files(const mtp_cli_command *command, int argc, char **argv,
                            size_t most, mtp_request **request, char ***paths,
                            size_t *n, bool *help);

/** Parse and read the table; on any other status than OK the job holds nothing. */
mtp_exit mtp_cli_open(const mtp_cli_command *command, int argc, char **argv,
                      size_t n_operands_wanted, mtp_cli_job *job, char **operands,
                      bool *help);
/** The same, and run. */
mtp_exit mtp_cli_start(const mtp_cli_command *command, int argc, char **argv,
                       size_t n_operands_wanted, mtp_cli_job *job, char **operands,
                       bool *help);
void mtp_cli_finish(mtp_cli_job *job);
/** The format of a report: as --format says, or the name of --output ends; else text.
 *  False, and told, where reports do not have it. */
bool mtp_cli_report_format(const mtp_cli_command *command, const mtp_cli_job *job,
                           mtp_format *format);
/** How --digits and --color want a report. */
void mtp_cli_report_options(const mtp_cli_job *job, mtp_report_options *options);
/** The notes, and the status to leave with when all was written. */
mtp_exit mtp_cli_verdict(const mtp_cli_job *job, bool notes_in_output);
/** A report command from end to end. */
mtp_exit mtp_cli_report(const mtp_cli_command *command, int argc, char **argv);

#endif
