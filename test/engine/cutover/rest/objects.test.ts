import {describe, expect, test} from 'vitest';
import {differingObjects, differingSums} from '../../../../src/engine/cutover/rest/copy-objects.ts';
import {
  byRights,
  differingRights,
  nameOfRights,
  rightsOnTarget,
} from '../../../../src/engine/cutover/rest/object-owners.ts';

describe('large objects', () => {
  test('differ by what they hold; those of the target alone are removed', () => {
    const source = [
      {oid: '1', digest: 'a'},
      {oid: '2', digest: 'b'},
      {oid: '3', digest: 'c'},
    ];
    const target = [
      {oid: '1', digest: 'a'},
      {oid: '2', digest: 'x'},
      {oid: '9', digest: 'c'},
    ];
    expect(differingObjects(source, target)).toEqual({changed: ['2', '3'], removed: ['9']});
  });

  test('of a bucket that one side lacks, or that has another sum, are read one by one', () => {
    const one = {bucket: 1, objects: 2, sum: '5'};
    expect(differingSums([one], [one])).toEqual([]);
    expect(differingSums([one], [{...one, sum: '6'}])).toEqual([1]);
    expect(differingSums([one], [{...one, objects: 3}])).toEqual([1]);
    expect(differingSums([one], [{...one, bucket: 2}])).toEqual([1, 2]);
  });
});

describe('the owners and grants of large objects', () => {
  const roles = {assumable: new Set(['app']), known: new Set(['app', 'reader']), own: 'longhaul'};
  const select = {privilege: 'SELECT', grantable: false};
  const group = {
    key: '1',
    owner: 'app',
    grants: [{...select, grantee: 'reader'}],
    owned: null,
    objects: 2,
    numbers: '7',
  };

  test('are on the target what the load makes of them', () => {
    expect(rightsOnTarget(group, roles)).toEqual({owner: 'app', grants: group.grants, owned: null});
    // What ours may not give away becomes ours, and what is granted to nobody that is there goes.
    const foreign = {owner: 'postgres', grants: [{...select, grantee: 'gone'}], owned: [select]};
    expect(rightsOnTarget(foreign, roles)).toEqual({owner: 'longhaul', grants: [], owned: null});
  });

  test('are the same in whatever order they are given', () => {
    const other = {...select, grantee: null};
    const a = {owner: 'app', grants: [{...select, grantee: 'reader'}, other], owned: null};
    expect(nameOfRights(a)).toBe(nameOfRights({...a, grants: a.grants.toReversed()}));
    expect(nameOfRights(a)).not.toBe(nameOfRights({...a, owned: []}));
  });

  test('differ where other objects have them, be there as many', () => {
    const wanted = byRights([group]);
    expect(differingRights(wanted, byRights([group]))).toEqual([]);
    expect(differingRights(wanted, byRights([{...group, numbers: '8'}]))).toHaveLength(1);
    expect(differingRights(wanted, byRights([]))).toHaveLength(1);
    const halves = [
      {...group, key: '1', objects: 1, numbers: '3'},
      {...group, key: '2', objects: 1, numbers: '4'},
    ];
    expect(differingRights(wanted, byRights(halves))).toEqual([]);
  });
});
