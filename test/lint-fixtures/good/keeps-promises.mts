const later = async (): Promise<string> => Promise.resolve('x');

export async function keep(): Promise<string> {
  void later();
  try {
    return await later();
  } catch (error) {
    return Promise.reject(error);
  }
}
