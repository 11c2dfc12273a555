import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What is said of the configuration and of files. */
export const OF_MACHINE: readonly Remedy[] = [
  ...of('config/conninfo/tls.ts', [
    [
      'name a file that … of a conninfo may be and that you may read',
      'a certificate cannot be read',
      forPeople('names another file in a conninfo'),
    ],
  ]),
  ...of('config/decode-text.ts', [
    [
      'delete it and type a plain space',
      'a character that looks like a space is in longhaul.yaml',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a character that only looks like a space'),
    ],
    [
      'it is another file, or one that was damaged: longhaul init --config NEW writes an example',
      'longhaul.yaml is no text',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that is no text'),
    ],
    [
      'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, and name NEW',
      'longhaul.yaml is in UTF-16',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file in UTF-16'),
    ],
    [
      'save the file as UTF-8, or type that line again',
      'a line of longhaul.yaml is no UTF-8',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a line in Latin 1'),
    ],
  ]),
  ...of('config/files/trusted-path.ts', [
    [
      'chmod go-w …; or …',
      'a folder above the run folder may be written by others',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a run folder that others may write'),
    ],
    [
      'run longhaul as that user (ls -ld … has the name); or, where it should be yours: chown … …; or …',
      'the run folder is somebody else’s',
      forPeople('another user starts the program'),
    ],
    [
      'run longhaul as the user to whom it belongs: see ls -ld …',
      'the run folder is somebody else’s',
      forPeople('another user starts the program'),
    ],
    [
      'set run_directory to a folder that belongs to the user who runs longhaul',
      'the run folder is nobody’s to trust',
      forPeople('names another folder in longhaul.yaml'),
    ],
  ]),
  ...of('config/load.ts', [
    [
      'LONGHAUL_TRACE=… traces all of them; unset it to trace nothing',
      'LONGHAUL_TRACE has a word that is none',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a word in LONGHAUL_TRACE that is none'),
    ],
    [
      'mend the lines that are named; longhaul init --config FILE writes an example with every key described',
      'longhaul.yaml has mistakes',
      carriedOut('test/config/words-for-every-key.test.ts', 'the example of a key is one that is taken'),
    ],
  ]),
  ...of('config/read-text.ts', [
    ['it is another file: …', 'a file is larger than any configuration', forPeople('names another file')],
    [
      'longhaul init writes one; --config FILE or LONGHAUL_CONFIG names another',
      'there is no longhaul.yaml',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a configuration that is not there'),
    ],
    [
      'name a file: the supervisor reads it again later',
      'the configuration comes through a pipe',
      forPeople('names another file'),
    ],
  ]),
  ...of('domain/base/system-error.ts', [
    [
      'a part of its path is a file: name another place',
      'a path goes through a file',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a path that goes through a file'),
    ],
    [
      'it is a folder: name a file',
      'a file is a folder',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that is a folder'),
    ],
    [
      'it is on a read-only file system: name another place',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'its folder is not there: make it, or name another place',
      'a folder is not there',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a folder that is not there'),
    ],
    [
      'its name is too long: name another place',
      'a name is too long',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a name that is too long'),
    ],
    [
      'its path is a loop of symbolic links: name another place',
      'a path is a loop of links',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a loop of links'),
    ],
    [
      'let the user who runs longhaul read and write there, or name another place',
      'a file may not be read',
      forPeople('the tests run as root, whom no mode keeps out'),
    ],
    [
      'make room on its disk, then run the same command again',
      'a disk of the jump box is full',
      carriedOut(
        'test/e2e/faults/full-jump-box.test.ts',
        'lanes go on and commit, commands are refused with the reason, and the journal stays whole',
      ),
    ],
    [
      'make room within the quota, then run the same command again',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'raise the limit of open files (ulimit -n), then run the same command again',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      "the jump box's disk fails: see dmesg",
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/run/journal-format.ts', [
    [
      'go on with …; the journal is as it was, and lanes go on',
      'the journal is of a newer version',
      forPeople(
        'installs another release; test/engine/run/golden-journals.test.ts shows that the journal is left as it was',
      ),
    ],
    ['longhaul … or a newer one', 'the journal is of a newer version', forPeople('a part of: go on with …')],
    ['that one', 'the journal is of a newer version', forPeople('a part of: go on with …')],
    [
      'the journal was changed by hand or the disk lost a part: restore the file from a copy, or move the run folder away and start anew',
      'the journal is damaged',
      forPeople('restores a file from somebody’s copy'),
    ],
  ]),
  ...of('engine/run/journal.ts', [
    [
      'make room on the disk of the run folder; lanes go on meanwhile, and the run does once there is room',
      'the disk of the run folder is full',
      carriedOut(
        'test/e2e/faults/full-jump-box.test.ts',
        'lanes go on and commit, commands are refused with the reason, and the journal stays whole',
      ),
    ],
    [
      'the run folder belongs to the user who runs it: see ls -l …',
      'the journal may not be read',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/run/run-folder.ts', [
    [
      'it must belong to the user who runs longhaul, on a disk with room: mend that, or set run_directory',
      'the run folder cannot be used',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'see what it is (ls -ld …) and move it away, or set run_directory to another folder',
      'a file of the run folder is a folder or a pipe, or the folder is a file',
      carriedOut(
        'test/cli/odd-run-folder.test.ts',
        'that is a pipe is not waited for, and one that is a folder is not read',
      ),
    ],
  ]),
  ...of('engine/tools/find-tools.ts', [
    [
      "install the client tools of the target's release (apt install postgresql-client-NN), or name their folder: tools in longhaul.yaml",
      'there are no client tools',
      forPeople('installs a package on the machine, or names a folder of longhaul.yaml'),
    ],
  ]),
  ...of('engine/tools/run-tool.ts', [
    [
      'mend what it names, then run again; nothing of it was kept',
      'pg_dump or psql has failed',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
];
