/*
 * Runs a command and writes what it has cost as JSON: seconds of the wall clock and of the processor, most resident
 * memory in KiB. Of the command itself and of the processes that it has waited for.
 *
 *   measure RESULT_FILE COMMAND [ARGUMENT...]     ends with the exit code of the command
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return (double)time.tv_sec + time.tv_usec / 1e6; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  double start = now();
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  int status;
  struct rusage used;
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 127;
  double wall = now() - start;

  FILE *result = fopen(argv[1], "w");
  if (!result) return 127;
  fprintf(result, "{\"wall\":%.4f,\"user\":%.4f,\"system\":%.4f,\"peakKiB\":%ld}\n", wall, seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss);
  fclose(result);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
