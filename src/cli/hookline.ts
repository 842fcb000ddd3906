#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { EXIT, reportError, wantsJson } from './report.ts';

/** Runs one command line and sets the exit code; a command that goes on is ended by SIGINT or SIGTERM. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hookline')
    .description('Turns signed webhooks into durable chains of agent actions on Temporal.')
    .option('--config <file>', 'settings file (default: hookline.yaml in this folder, if it is there)')
    .option('--data <folder>', 'data folder (default: .hookline in this folder)')
    .option('--api <url>', 'admin API to ask (default: that of the stack that runs here, else of this process)')
    .option('--json', 'print JSON for programs')
    // `console` does not mind a reader who has left: `hookline --help | head`
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => console.log(text.replace(/\n$/, '')) })
    .exitOverride();
  for (const addTo of commands) addTo(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      console.log(meantCommand(program, argv).helpInformation()); // no command at all: nobody has done anything wrong yet
      process.exitCode = EXIT.usage;
      return;
    }
    process.exitCode = reportError(error, { json: wantsJson(argv), command: nameOf(meantCommand(program, argv)) });
  }
}

/** The command that a line names, however wrong it is: the program itself where it names none. */
function meantCommand(command: Command, words: readonly string[]): Command {
  for (const [index, word] of words.entries()) {
    const named = command.commands.find((one) => one.name() === word);
    if (named !== undefined) return meantCommand(named, words.slice(index + 1));
  }
  return command;
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

await main(process.argv);
process.exitCode ??= EXIT.ok;
