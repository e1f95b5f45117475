/**
 * Who asks. Every route and every read of the store takes a principal, so that rights per collection can be
 * enforced in one place later; today there is one, the local administrator.
 */
export interface Principal {
  readonly id: string
  readonly name: string
  readonly role: 'administrator'
}

export const localAdministrator: Principal = {
  id: 'local',
  name: 'Local administrator',
  role: 'administrator',
}
