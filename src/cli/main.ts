#!/usr/bin/env node
/** The command line's entry. Loads commander and the table of commands; a command's own code loads when it is called. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { TaggerError } from '../core/errors.js';
import { commands } from './commands.js';
import { reportError } from './errors.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

function createProgram(): Command {
  const program = new Command('tagger')
    .description(
      'Sequence labelling: train, evaluate and run taggers for named entities and parts of speech.',
    )
    .version(version)
    .option('--verbose', 'print the stack of an internal error')
    .helpCommand(false)
    .addHelpText('after', '\nThe options of a command: tagger COMMAND --help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error E_USAGE: ')) })
    .configureHelp({ visibleCommands: leaves, subcommandTerm: fullName })
    .hook('preSubcommand', defineOptions);
  for (const [name, { summary }] of Object.entries(commands)) {
    const words = name.split(' ');
    const last = words.pop() as string;
    words.reduce(groupIn, program).command(last).description(summary);
  }
  return program;
}

/** The group `corpus` of the command `corpus check`. */
function groupIn(parent: Command, name: string): Command {
  const known = parent.commands.find((command) => command.name() === name);
  return known ?? parent.command(name).helpCommand(false).hook('preSubcommand', defineOptions);
}

/** A command's own code gives it its options; a group has none. */
async function defineOptions(_: Command, command: Command): Promise<void> {
  const entry = commands[fullName(command)];
  if (entry) (await entry.load()).define(command);
}

/** As in the table, without the name of the program. */
function fullName(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${fullName(parent)} ${command.name()}` : command.name();
}

/** Help lists commands, not groups of them. */
function leaves(parent: Command): Command[] {
  return parent.commands.flatMap((command) => (command.commands.length > 0 ? leaves(command) : [command]));
}

async function main(): Promise<void> {
  const program = createProgram();
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has printed its message; its exit code is 1 where ours for wrong usage is 2.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = reportError(error, program.opts().verbose || Boolean(process.env.DEBUG));
  }
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as `head`, closes the pipe; that is no error. Where nobody reads the messages, the
    // work itself may still be wanted, such as a file that is half written.
    if (error.code === 'EPIPE' && stream === process.stderr) return;
    if (error.code === 'EPIPE') process.exit();
    // A full disk behind `> file`.
    const name = stream === process.stdout ? 'stdout' : 'stderr';
    const problem = { message: `cannot write to ${name}`, found: error.message };
    process.exit(reportError(new TaggerError('E_WRITE', problem, { cause: error }), false));
  });
}

await main();
