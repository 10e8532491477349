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
    .hook('preSubcommand', async (_, command) => {
      const { define } = await commands[command.name()].load();
      define(command);
    });
  for (const [name, { summary }] of Object.entries(commands)) program.command(name).description(summary);
  return program;
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
    // A reader that has seen enough, such as `head`, closes the pipe; that is no error.
    if (error.code === 'EPIPE') process.exit();
    // A full disk behind `> file`.
    const name = stream === process.stdout ? 'stdout' : 'stderr';
    const problem = { message: `cannot write to ${name}`, found: error.message };
    process.exit(reportError(new TaggerError('E_WRITE', problem, { cause: error }), false));
  });
}

await main();
