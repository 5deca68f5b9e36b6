export interface Finding {
  subject: string;
  /** `limited`: Archipel works, without something. */
  state: 'good' | 'limited' | 'bad';
  text: string;
  nextStep?: string;
}
