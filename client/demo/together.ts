/** All at the same time; where one fails, the others end first, so that nothing goes on behind the back of the caller. */
export async function together<T>(tasks: readonly T[], run: (task: T) => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(tasks.map(run))
  const failed = ended.find(one => one.status === 'rejected')
  if (failed) throw failed.reason
}
