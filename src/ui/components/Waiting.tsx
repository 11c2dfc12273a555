import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {ReactElement} from 'react';

/** Something short that is awaited. */
export function Waiting({what, height}: {readonly what: string; readonly height: number}): ReactElement {
  return (
    <Box height={height} flexShrink={0}>
      <Text>
        {' '}
        <Spinner type="line" /> {what}
      </Text>
    </Box>
  );
}
