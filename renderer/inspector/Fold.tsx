import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './form/form.module.css';

/** A titled part that opens and closes. */
export function Fold(props: {
  title: string;
  startsOpen?: boolean;
  invalid?: boolean;
  action?: ReactNode;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(props.startsOpen ?? false);
  return (
    <div className={classes.item} data-open={open} data-invalid={props.invalid ?? false}>
      <div className={classes.itemHead}>
        <button type="button" className={classes.itemTitle} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          <span>
            <b>{props.title}</b>
          </span>
        </button>
        {props.action}
      </div>
      {open && <div className={classes.itemBody}>{props.children}</div>}
    </div>
  );
}
