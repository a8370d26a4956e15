/** Assembles what the worker answers; no logic here. */
import type { Api } from './api.ts'
import { devicesApi } from './devices.ts'
import { exportApi } from './export.ts'
import { mediaApi } from './media.ts'
import { offersApi } from './offers.ts'
import { peopleApi } from './people.ts'
import { recordsApi } from './records.ts'
import { sessionApi } from './session.ts'
import { sharingApi } from './sharing.ts'

export const service: Api = {
  ...sessionApi,
  ...recordsApi,
  ...peopleApi,
  ...devicesApi,
  ...offersApi,
  ...sharingApi,
  ...mediaApi,
  ...exportApi,
}
