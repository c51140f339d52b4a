/** The words of policy; it does not know what they do. */

import type { Command } from 'commander'

import { addPolicyTrials, type PolicyTrialActions } from './trial-words.ts'

/** What each does; each answers with an exit code. */
export interface PolicyActions extends PolicyTrialActions {
  policyCheck(file: string): Promise<number>
}

export function addPolicy(program: Command, actions: PolicyActions, done: (exitCode: number) => void): void {
  const policy = program
    .command('policy')
    .description('what clients may do: check, explain, test, table')
    .helpCommand(false)
    .helpOption('-h, --help', 'print this help')
  policy
    .command('check')
    .description('check a policy and say what it holds')
    .argument('<file>', 'YAML file: a policy alone, or a configuration with one')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', checkExamples)
    .action(async (file: string) => done(await actions.policyCheck(file)))
  addPolicyTrials(policy, actions, done)
}

const checkExamples = `
Exit code 78 when something is wrong, each mistake with its line and column.
Of a configuration only the policy is checked, also where it is in a file of its
own; imaptap check-config checks all of it.

Examples:
  imaptap policy check gateway.yaml
  imaptap policy check profiles/read-only.yaml`
